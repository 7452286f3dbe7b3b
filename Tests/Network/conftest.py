"""A host or a viewer on a bad network for each test. Nothing of this can run without root, namespaces and TUN devices."""

from contextlib import contextmanager
import os
from pathlib import Path

import pytest

from clock_media import make_clock_devices
from figures import Row
import namespaces
from session import Host, chromium
from viewer import Viewer

ROOT = Path(__file__).parents[2]
BINARY = Path(os.environ.get("MIXD", ROOT / ".build/release/mixd"))
RESULTS = Path(os.environ.get("NETWORK_RESULTS", ROOT / ".build/network"))

BUSY = 0.5
"""Cores that others may take before a missed goal no longer says anything about mixd."""

lines: list[str] = []


def pytest_terminal_summary(terminalreporter):
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def bad_networks():
    why_not = namespaces.missing()
    if why_not:
        pytest.skip(f"no bad network can be made here: {why_not}")


@pytest.fixture(scope="session")
def clock_devices(bad_networks, tmp_path_factory):
    if not BINARY.exists():
        pytest.fail(f"{BINARY} does not exist; build it or set MIXD")
    return make_clock_devices(tmp_path_factory.mktemp("clock"))


def whole(session):
    """Ends a session, and fails when mixd has not lived until then."""
    yield session
    still_running = session.mixd.process.is_running
    log = session.mixd.process.tail()
    session.end()
    assert still_running, f"mixd ended by itself\n{log}"


@pytest.fixture
def host(request, clock_devices, tmp_path):
    yield from whole(Host(tmp_path, str(BINARY), clock_devices, getattr(request, "param", chromium)))


@pytest.fixture
def viewer(request, clock_devices, tmp_path):
    yield from whole(getattr(request, "param", Viewer)(tmp_path, str(BINARY), clock_devices))


@pytest.fixture
def measured(request):
    """`with measured(name, fault) as row:` saves the row in the end and judges it: every goal must be met."""
    session = request.getfixturevalue("viewer" if "viewer" in request.fixturenames else "host")

    @contextmanager
    def begin(name: str, fault: str):
        whose = f"{name} {session.kind}".strip()
        row = Row(whose, ", ".join(filter(None, (fault, session.kind))), session.browser, load=session.busy)
        yield row
        lines.append(row.save(RESULTS))
        missed = "; ".join(row.missed())
        if missed and row.load["others"] > BUSY:
            pytest.xfail(f"other processes took {row.load['others']:g} of {row.load['cores']} cores: {missed}")
        assert not missed, missed

    return begin
