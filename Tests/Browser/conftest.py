"""Servers, devices and browsers for the tests. `MIXD` names the binary under test."""

import os
from pathlib import Path

import pytest

from browsers import Browsers
from fake_media import make_devices
from servers import Mixd, RTMPServer

DEFAULT_BINARY = Path(__file__).parents[2] / ".build/release/mixd"


@pytest.fixture
def mixd(tmp_path):
    binary = os.environ.get("MIXD", str(DEFAULT_BINARY))
    if not Path(binary).exists():
        pytest.fail(f"{binary} does not exist; build it or set MIXD")
    server = Mixd(binary, tmp_path)
    yield server
    assert server.process.is_running, f"mixd ended by itself\n{server.process.tail()}"
    assert server.stop() == 0, f"mixd did not end cleanly\n{server.process.tail()}"


@pytest.fixture
def rtmp(tmp_path):
    server = RTMPServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def devices(tmp_path_factory):
    return make_devices(tmp_path_factory.mktemp("devices"))


@pytest.fixture
def browsers():
    opened = Browsers()
    yield opened
    opened.quit()
