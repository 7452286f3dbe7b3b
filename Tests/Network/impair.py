#!/usr/bin/env python3
"""A bad network on one machine, for root: two network namespaces and what lies between them.

    Tests/Network/impair.py up.loss=0.1 delay=30 seed=7

makes the namespaces `client` (10.78.0.1) and `server` (10.77.0.2) and prints how to enter them. Each line on the
standard input changes something, and is answered by a line of JSON with the time and what was counted so far:

    up.loss=0.3 down.rate=500   conditions of what the client (`up`) or the server (`down`) sends, or both; see lane.py
    rebind=port                 the client is behind a router, which from now on sends from another port
    rebind=address              … and from another address
    path=cell                   the client has the interface `cell` (10.78.1.1) instead of `wifi`; `path=wifi`: back
    seed=5                      begins the random numbers anew

When the input ends, however that came about, so do the processes in the namespaces, the devices and the namespaces.
"""

import errno
from dataclasses import asdict
import heapq
import itertools
import json
import os
from random import Random
import select
import socket
import sys
import time

from lane import Lane
from namespaces import Interface, add_interface, end_processes, new_namespace, raise_loopback
from nat import NAT

SERVER_ADDRESS = "10.77.0.2"
CLIENT_ADDRESSES = {"wifi": "10.78.0.1", "cell": "10.78.1.1"}
PACKETS_AT_ONCE = 64
LARGEST_PACKET = 65_535


class Network:
    """The devices at both ends and the packets on their way from one to the other."""

    def __init__(self):
        self.client, self.server = new_namespace(), new_namespace()
        for namespace in (self.client, self.server):
            raise_loopback(namespace)
        self.server_end = add_interface(self.server, "net", SERVER_ADDRESS, CLIENT_ADDRESSES["wifi"])
        self.client_ends = {
            path: add_interface(self.client, path, own, SERVER_ADDRESS) for path, own in CLIENT_ADDRESSES.items()}
        self.up, self.down = Lane(Random(1)), Lane(Random(2))
        self.nat = NAT()
        self.under_way: list[tuple[float, int, Interface, bytes]] = []
        self.order = itertools.count()
        self.server_end.up()
        self.client_ends["wifi"].up()

    def change(self, line: str) -> None:
        for word in line.split():
            name, separator, value = word.partition("=")
            if not separator:
                raise ValueError(f"“{word}” is not of the form name=value")
            self._change(name, value)

    def _change(self, name: str, value: str) -> None:
        side, dot, condition = name.rpartition(".")
        if name == "rebind":
            self.nat.rebind(new_address=value == "address")
        elif name == "path":
            self._take_path(value)
        elif name == "seed":
            self.up.chance, self.down.chance = Random(2 * int(value)), Random(2 * int(value) + 1)
        elif dot:
            {"up": self.up, "down": self.down}[side].conditions.set(condition, float(value))
        else:
            for lane in (self.up, self.down):
                lane.conditions.set(name, float(value))

    def _take_path(self, path: str) -> None:
        for name, interface in self.client_ends.items():
            if name != path:
                interface.down()
        self.client_ends[path].up()

    def counts(self) -> dict:
        return {"at": time.time(), "up": asdict(self.up.counts), "down": asdict(self.down.counts)}

    def carry(self, commands: int) -> None:
        """Until the input of commands ends."""
        by_descriptor = {end.descriptor: end for end in (self.server_end, *self.client_ends.values())}
        poll = select.epoll()
        for descriptor in (commands, *by_descriptor):
            poll.register(descriptor, select.EPOLLIN)
        reader = CommandReader(commands)
        while True:
            wait = max(0, self.under_way[0][0] - time.monotonic()) if self.under_way else -1
            for descriptor, _ in poll.poll(wait):
                if descriptor == commands:
                    if not self._obey(reader):
                        return
                else:
                    self._take_packets(by_descriptor[descriptor])
            self._deliver()

    def _obey(self, reader: "CommandReader") -> bool:
        lines = reader.lines()
        for line in lines or []:
            try:
                self.change(line)
                answer = self.counts()
            except (ValueError, KeyError, OSError) as error:
                answer = {"error": str(error)}
            print(json.dumps(answer), flush=True)
        return lines is not None

    def _take_packets(self, end: Interface) -> None:
        for _ in range(PACKETS_AT_ONCE):
            try:
                packet = os.read(end.descriptor, LARGEST_PACKET)
            except OSError:  # empty, or the device is down
                return
            is_ipv4 = len(packet) >= 28 and packet[0] >> 4 == 4
            if not is_ipv4:
                continue
            if end is self.server_end:
                self._send(self.down, self.nat.inwards(packet))
            else:
                self._send(self.up, self.nat.outwards(packet), self.server_end)

    def _send(self, lane: Lane, packet: bytes | None, target: Interface | None = None) -> None:
        target = target or (packet and self._client_end(packet))
        if not target:
            return
        for release in lane.releases(len(packet), time.monotonic()):
            heapq.heappush(self.under_way, (release, next(self.order), target, packet))

    def _client_end(self, packet: bytes) -> Interface | None:
        addressed = socket.inet_ntoa(packet[16:20])
        return next((self.client_ends[path] for path, own in CLIENT_ADDRESSES.items() if own == addressed), None)

    def _deliver(self) -> None:
        now = time.monotonic()
        while self.under_way and self.under_way[0][0] <= now:
            _, _, target, packet = heapq.heappop(self.under_way)
            try:
                os.write(target.descriptor, packet)
            except OSError as error:
                if error.errno not in (errno.EIO, errno.EAGAIN, errno.EINVAL):  # down, full, or refused by the kernel
                    raise

    def end(self) -> None:
        end_processes([self.client, self.server], spared={os.getpid(), os.getppid()})


class CommandReader:
    """Whole lines of a descriptor that is read as it comes."""

    def __init__(self, descriptor: int):
        self.descriptor = descriptor
        self.pending = b""

    def lines(self) -> list[str] | None:
        """Nothing at the end of the input."""
        data = os.read(self.descriptor, 4096)
        if not data:
            return None
        *complete, self.pending = (self.pending + data).split(b"\n")
        return [line.decode(errors="replace") for line in complete]


def be_punctual() -> None:
    """Packets must not wait for a busy machine, only for the network that is played."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    except PermissionError:
        pass


def main() -> None:
    be_punctual()
    network = Network()
    try:
        network.change(" ".join(sys.argv[1:]))
        own = f"/proc/{os.getpid()}/fd"
        print(json.dumps({
            "client": f"{own}/{network.client}", "server": f"{own}/{network.server}", "serverAddress": SERVER_ADDRESS,
            "enter": f"nsenter --net={own}/{network.client} COMMAND",
        }), flush=True)
        network.carry(sys.stdin.fileno())
    except KeyboardInterrupt:
        pass
    finally:
        network.end()


if __name__ == "__main__":
    main()
