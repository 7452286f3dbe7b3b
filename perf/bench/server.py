"""A running server, and the load that is put on it by another process."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
# Joining, the first key frames and the senders' adaptation are not what is measured.
SETTLE = 4


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serve(binary):
    """`mixd serve` on free ports; gives its process and address."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        address = f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"
        server = subprocess.Popen(
            [binary, "serve", "--http", address, "--media", f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}", "--data", folder],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(address, server)
            yield server, f"http://{address}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address, process, seconds=20):
    host, port = address.rsplit(":", 1)
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {address}")


def cpu_time(pid):
    """Seconds of user and system time of all threads, from /proc."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def loaded(binary, seconds, *options):
    """One room for `seconds`, after it has settled: the server's CPU time in it and the load's report."""
    with serve(binary) as (server, url), tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "load.json"
        command = [binary, "load", "--server", url, "--duration", str(seconds + SETTLE + 1), "--json", report, *options]
        load = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if not load.stdout.readline().startswith(b"ready"):
            raise RuntimeError(f"the load did not get ready: {' '.join(map(str, command))}")
        time.sleep(SETTLE)
        before = cpu_time(server.pid)
        time.sleep(seconds)
        cpu = cpu_time(server.pid) - before
        if load.wait(timeout=30) != 0:
            raise RuntimeError("the load failed")
        return cpu, json.loads(report.read_text())
