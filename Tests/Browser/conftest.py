"""Servers, devices and browsers for the tests. `MIXD` names the binary under test."""

from contextlib import contextmanager
import os
from pathlib import Path
import time

import pytest

from browsers import Browsers, chromium
from fake_media import make_devices
from pages import Studio, Watch
from servers import OPERATING, Mixd, RTMPServer
from show import COOL_DOWN, Show

DEFAULT_BINARY = Path(__file__).parents[2] / ".build/release/mixd"


@contextmanager
def running(directory):
    binary = os.environ.get("MIXD", str(DEFAULT_BINARY))
    if not Path(binary).exists():
        pytest.fail(f"{binary} does not exist; build it or set MIXD")
    server = Mixd(binary, directory, OPERATING)
    yield server
    assert server.process.is_running, f"mixd ended by itself\n{server.process.tail()}"
    assert server.stop() == 0, f"mixd did not end cleanly\n{server.process.tail()}"


@pytest.fixture
def mixd(tmp_path):
    with running(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def shared_mixd(tmp_path_factory):
    """One server for all tests of a file."""
    with running(tmp_path_factory.mktemp("mixd")) as server:
        yield server


@pytest.fixture
def rtmp(tmp_path):
    server = RTMPServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def devices(tmp_path_factory):
    return make_devices(tmp_path_factory.mktemp("devices"))


@pytest.fixture
def cooled_down():
    """Afterwards the next request may be made."""
    yield
    time.sleep(COOL_DOWN)


@pytest.fixture
def browsers():
    opened = Browsers()
    yield opened
    opened.quit()


@pytest.fixture(scope="module")
def shared_browsers():
    opened = Browsers()
    yield opened
    opened.quit()


@pytest.fixture(scope="module")
def show(shared_mixd, shared_browsers, devices):
    """A live room with its host, Ann, and a viewer, Ben; the tests of a file share it, one after the other."""
    studio = Studio(shared_browsers.open(chromium, devices[0]), shared_mixd.url)
    room = studio.create_room("Ann", "Evening <b>show</b>")
    studio.go_live()
    studio.click("toggle-program")
    watch = Watch(shared_browsers.open(chromium, devices[1]), shared_mixd.url)
    watch.enter_as("Ben")
    watch.open(room)
    watch.wait_for_program()
    return Show(shared_mixd, studio, watch, room)
