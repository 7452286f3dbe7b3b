"""Inputs shared by the tests, and the measured numbers at the end of the run."""

from pathlib import Path

import pytest

from clips import PAN, PATTERN, SMALL_PATTERN, make_clip
from commands import BINARY, Running

measured: list[str] = []


def pytest_configure():
    if not Path(BINARY).exists():
        pytest.exit(f"{BINARY} does not exist; build it or set MIXD", returncode=1)


def pytest_terminal_summary(terminalreporter):
    for line in measured:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def note():
    """Keeps a measured number for the end of the run."""
    return measured.append


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Host and co-host of 1280×720 at 30 fps for four seconds."""
    directory = tmp_path_factory.mktemp("clips")
    return (
        make_clip(directory / "host.webm", PAN, (64, 64, 128, 128), (30, 75), tone=440, beep=2000, frames=120),
        make_clip(
            directory / "cohost.webm", PATTERN, (512, 232, 256, 256), (15, 60, 105), tone=660, beep=3000, frames=120),
    )


@pytest.fixture(scope="session")
def small_clips(tmp_path_factory):
    """Host and co-host of 320×180 for one and a half seconds."""
    directory = tmp_path_factory.mktemp("small")
    return (
        make_clip(directory / "host.webm", SMALL_PATTERN, (16, 16, 48, 48), (20,), tone=440, beep=2000, frames=45),
        make_clip(directory / "cohost.webm", SMALL_PATTERN, (112, 42, 96, 96), (30,), tone=660, beep=3000, frames=45),
    )


@pytest.fixture
def start(tmp_path):
    """Starts mixd in the background; whatever still runs at the end of the test is killed."""
    running: list[Running] = []

    def begin(*arguments: object, environment: dict[str, str] | None = None) -> Running:
        running.append(Running(tmp_path / f"run{len(running)}", *arguments, environment=environment))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
