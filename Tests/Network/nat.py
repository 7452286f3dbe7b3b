"""What a home router does to UDP: another address and port outside, forgotten and chosen anew when it restarts."""

import socket
import struct

UDP = 17
PUBLIC_ADDRESSES = [socket.inet_aton(f"198.51.100.{host}") for host in range(1, 255)]
FIRST_PORT = 40_000

Endpoint = tuple[bytes, int]


class NAT:
    def __init__(self):
        self.is_on = False
        self.bindings = 0
        self.public = 0
        self.outside: dict[Endpoint, Endpoint] = {}
        self.inner: dict[Endpoint, Endpoint] = {}

    def rebind(self, new_address: bool = False) -> None:
        """From now on everything comes from another port, or from another address too; the old ones are closed."""
        self.is_on = True
        self.public = (self.public + new_address) % len(PUBLIC_ADDRESSES)
        self.outside.clear()
        self.inner.clear()

    def outwards(self, packet: bytes) -> bytes:
        if not self._concerns(packet):
            return packet
        source = endpoint(packet, at=12, port_at=0)
        if source not in self.outside:
            fresh = PUBLIC_ADDRESSES[self.public], FIRST_PORT + self.bindings % 20_000
            self.bindings += 1
            self.outside[source], self.inner[fresh] = fresh, source
        return rewritten(packet, self.outside[source], at=12, port_at=0)

    def inwards(self, packet: bytes) -> bytes | None:
        """Nothing for a packet to an endpoint that no binding leads to."""
        if not self._concerns(packet):
            return packet
        target = self.inner.get(endpoint(packet, at=16, port_at=2))
        return target and rewritten(packet, target, at=16, port_at=2)

    def _concerns(self, packet: bytes) -> bool:
        return self.is_on and packet[9] == UDP


def header_length(packet: bytes) -> int:
    return (packet[0] & 15) * 4


def endpoint(packet: bytes, at: int, port_at: int) -> Endpoint:
    """`at`: where the address begins in the IPv4 header; `port_at`: where the port begins in the UDP header."""
    port = header_length(packet) + port_at
    return packet[at : at + 4], int.from_bytes(packet[port : port + 2], "big")


def rewritten(packet: bytes, to: Endpoint, at: int, port_at: int) -> bytes:
    changed = bytearray(packet)
    udp = header_length(packet)
    changed[at : at + 4] = to[0]
    changed[udp + port_at : udp + port_at + 2] = to[1].to_bytes(2, "big")
    # Zero means "not checked" (RFC 768).
    changed[udp + 6 : udp + 8] = b"\0\0"
    changed[10:12] = b"\0\0"
    changed[10:12] = checksum(changed[:udp]).to_bytes(2, "big")
    return bytes(changed)


def checksum(header: bytes) -> int:
    """RFC 1071."""
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
