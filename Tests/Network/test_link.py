"""The two namespaces and what lies between them, with real sockets."""

from pathlib import Path
import signal
import socket
import subprocess
import sys

import pytest

from link import Link
from servers import wait_until

pytestmark = [pytest.mark.quick, pytest.mark.usefixtures("bad_networks")]

PORT = 7000

ORPHAN = """
import subprocess, sys, time
sys.path.insert(0, sys.argv[1])
from link import Link
link = Link()
with link.in_client():
    sleeper = subprocess.Popen(["sleep", "1000"])
print(sleeper.pid, link.child.pid, flush=True)
time.sleep(1000)
"""


@pytest.fixture
def link():
    made = Link()
    yield made
    made.end()


def sockets(link: Link) -> tuple[socket.socket, socket.socket]:
    with link.in_server():
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((link.server_address, PORT))
    with link.in_client():
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.connect((link.server_address, PORT))
    for end in (server, client):
        end.settimeout(2)
    return server, client


def seen_from(server: socket.socket, client: socket.socket) -> tuple[str, int]:
    """Where the server sees the client; the client gets its answer."""
    client.send(b"where")
    _, address = server.recvfrom(100)
    server.sendto(b"there", address)
    assert client.recv(100) == b"there"
    return address


def test_packets_pass_until_there_is_an_outage(link):
    server, client = sockets(link)
    assert seen_from(server, client) == client.getsockname()
    link.change("outage=1")
    client.send(b"lost")
    with pytest.raises(TimeoutError):
        server.recvfrom(100)
    counts = link.change("outage=0")
    assert counts["up"]["lost"] == 1 and counts["down"]["lost"] == 0
    assert seen_from(server, client) == client.getsockname()


def test_addresses_change(link):
    server, client = sockets(link)
    own = seen_from(server, client)
    link.change("rebind=port")
    second = seen_from(server, client)
    assert second != own and second == seen_from(server, client)
    link.change("rebind=address")
    third = seen_from(server, client)
    assert third[0] != second[0] and third[1] != second[1]


def test_another_interface_has_another_address(link):
    server, client = sockets(link)
    before = seen_from(server, client)
    link.change("path=cell")
    server.close()
    server, other = sockets(link)
    assert seen_from(server, other)[0] != before[0]
    with pytest.raises(OSError):
        client.send(b"nowhere")
        client.recv(100)


def test_a_wrong_word_is_refused_and_the_network_goes_on(link):
    with pytest.raises(AssertionError, match="no condition"):
        link.change("los=0.1")
    assert link.counts()["up"]["sent"] == 0


def test_a_killed_run_leaves_nothing_behind():
    run = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, Path(__file__).parent], stdout=subprocess.PIPE, text=True)
    left = [int(word) for word in run.stdout.readline().split()]
    assert all(is_running(process) for process in left)
    run.send_signal(signal.SIGKILL)
    run.wait()
    wait_until(lambda: not any(is_running(process) for process in left), "everything has ended", 5)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
