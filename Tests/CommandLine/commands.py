"""Runs mixd and says what every failure must look like."""

from dataclasses import dataclass
import os
from pathlib import Path
import signal
import subprocess
import time

from servers import wait_until

BINARY = os.environ.get("MIXD", str(Path(__file__).parents[2] / ".build/release/mixd"))
STACK_TRACE = ("Fatal error", "Crash:", "Thread 0", "Current stack trace", "*** ")


@dataclass(frozen=True)
class Finished:
    status: int
    output: str
    errors: str
    seconds: float


def mixd(*arguments: object, timeout: float = 60, directory: Path | None = None) -> Finished:
    started = time.monotonic()
    done = subprocess.run(
        [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
        cwd=directory)
    return Finished(done.returncode, done.stdout, done.stderr, time.monotonic() - started)


def render(output: Path, host: Path, *cohosts: Path, **options: object) -> Finished:
    """A rendering that must succeed; `video_bitrate="8M"` stands for `--video-bitrate 8M`."""
    arguments = [argument for path in cohosts for argument in ("--cohost", path)]
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}", *([] if value is True else [value])]
    done = mixd("render", "--host", host, *arguments, "--output", output)
    assert done.status == 0, done.errors
    assert not done.errors, done.errors
    return done


def check_refused(done: Finished, *mentioned: str) -> None:
    """Failed in order: a status of its own, file or option and reason in at most two lines, no trace of a crash."""
    assert done.status != 0, "was taken for a success"
    assert done.status > 0, f"ended by signal {-done.status}: {done.errors}"
    assert not any(sign in done.errors for sign in STACK_TRACE), done.errors
    reason = done.errors.split("\nUsage: ")[0].strip().splitlines()
    assert 1 <= len(reason) <= 2 and reason[0].startswith("Error: "), done.errors
    for text in mentioned:
        assert text in "\n".join(reason), f"{text!r} is not in: {done.errors}"


class Running:
    """mixd in the background; what it writes goes to files, as under a service manager."""

    def __init__(self, directory: Path, *arguments: object, environment: dict[str, str] | None = None):
        directory.mkdir(parents=True, exist_ok=True)
        self.output_path, self.errors_path = directory / "stdout.txt", directory / "stderr.txt"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MIXD")}
        with self.output_path.open("wb") as output, self.errors_path.open("wb") as errors:
            self.child = subprocess.Popen(
                [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=directory,
                env=inherited | (environment or {}))

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    @property
    def output(self) -> str:
        return self.output_path.read_text(errors="replace")

    @property
    def errors(self) -> str:
        return self.errors_path.read_text(errors="replace")

    def tail(self) -> str:
        return (self.output + self.errors)[-4000:]

    def wait_for(self, condition, what: str, timeout: float = 20):
        return wait_until(condition, what, timeout, self)

    def wait(self, timeout: float) -> int:
        return self.child.wait(timeout)

    def end(self, by: signal.Signals = signal.SIGTERM, timeout: float = 20) -> tuple[int, float]:
        """The status and how many seconds it took."""
        started = time.monotonic()
        self.child.send_signal(by)
        status = self.child.wait(timeout)
        return status, time.monotonic() - started

    def kill(self) -> None:
        if self.is_running:
            self.child.kill()
            self.child.wait()
