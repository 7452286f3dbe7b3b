"""The processes of a test: mixd and an RTMP server, each on free ports of this machine."""

import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import time

import requests

from recording import Recording

OPERATOR = ("operator", "on duty tonight")
"""Name and password of who runs the platform."""

OPERATING = {
    "MIXD_OPERATOR_NAME": OPERATOR[0], "MIXD_OPERATOR_PASSWORD": OPERATOR[1], "MIXD_WEBHOOKS_ALLOW_PRIVATE": "true",
    "MIXD_LINKS_ANSWER_SECONDS": "20",
}


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child that is ended with the test, its log kept in a file."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str] | None = None):
        self.log = log
        self.file = log.open("wb")
        self.child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.file, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})})

    @property
    def is_running(self) -> bool:
        return self.child.poll() is None

    def stop(self) -> int:
        if self.is_running:
            self.child.send_signal(signal.SIGTERM)
        status = self._wait(10)
        if status is None and "Backtracing" in self.tail():
            # A crash; where it happened is worth more than the time to write that down.
            status = self._wait(90)
        if status is None:
            self.child.kill()
            status = self.child.wait()
        self.file.close()
        return status

    def _wait(self, seconds: float) -> int | None:
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


def wait_until(condition, what: str, timeout: float = 20, process: Process | None = None):
    """The first true value of `condition()`."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        log = f"\n{process.tail()}" if process else ""
        assert process is None or process.is_running, f"ended before: {what}{log}"
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}{log}"
        time.sleep(0.2)


class Mixd:
    def __init__(self, binary: str, directory: Path, environment: dict[str, str] | None = None):
        self.url = f"http://localhost:{free_port()}"
        self.process = Process([
            binary, "serve", "--http", self.url.removeprefix("http://").replace("localhost", "127.0.0.1"),
            # Firefox pairs no other candidate of its own with a loopback address, so every interface is offered.
            "--media", f"0.0.0.0:{free_port(socket.SOCK_DGRAM)}", "--data", str(directory / "data"),
        ], directory / "mixd.log", environment)
        wait_until(self._is_ready, "mixd is ready", process=self.process)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.ConnectionError:
            return False

    def call(self, method: str, path: str, body: dict | None = None, token: str | None = None) -> dict:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = requests.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=10)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else {}

    def scene(self, room: str) -> dict:
        return self.call("GET", f"/rooms/{room}/scene")

    def wait_for_layers(self, room: str, count: int, timeout: float = 20) -> dict:
        def shown():
            scene = self.scene(room)
            return scene if len(scene["layers"]) == count else None

        return wait_until(shown, f"{count} layers in the scene", timeout, self.process)

    def stop(self) -> int:
        return self.process.stop()


NGINX_CONFIGURATION = """
load_module {module};
daemon off;
worker_processes 1;
{user}
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
rtmp {{
  server {{
    listen 127.0.0.1:{port};
    application live {{
      live on;
      record all;
      record_path {directory};
      record_suffix .flv;
    }}
  }}
}}
"""

NGINX_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")


class RTMPServer:
    """nginx with its RTMP module, which writes every stream it gets into a file."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.port = free_port()
        configuration = directory / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        configuration.write_text(
            NGINX_CONFIGURATION.format(module=NGINX_MODULE, directory=directory, port=self.port, user=user))
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.process = Process([nginx, "-p", str(directory), "-c", str(configuration)], directory / "nginx.log")
        wait_until(self._listens, "the RTMP server listens", process=self.process)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def url(self, stream: str) -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{stream}"

    def recording(self, stream: str, timeout: float = 20) -> Recording:
        """The recording of a stream as soon as media arrives."""
        recording = Recording(self.directory / f"{stream}.flv")
        arrived = lambda: recording.path.exists() and recording.now() > 0.5
        wait_until(arrived, f"media of {stream} arrives at the RTMP server", timeout, self.process)
        return recording

    def stop(self) -> None:
        self.process.stop()
