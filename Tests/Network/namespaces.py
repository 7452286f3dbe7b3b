"""Network namespaces without names, TUN devices and addresses: a few system calls, no tools of the distribution.

A namespace without a name ends with the last process or descriptor that holds it: even a killed run leaves none behind.
"""

from contextlib import contextmanager
import ctypes
from dataclasses import dataclass
import fcntl
import os
from pathlib import Path
import signal
import socket
import struct
import threading

CLONE_NEWNET = 0x4000_0000
THIS_NAMESPACE = "/proc/thread-self/ns/net"
TUN_DEVICE = Path("/dev/net/tun")

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x4004_54CA, 0x0001, 0x1000
SIOCADDRT = 0x890B
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
SIOCSIFADDR, SIOCSIFDSTADDR = 0x8916, 0x8918
IFF_UP, RTF_UP = 0x1, 0x1

libc = ctypes.CDLL(None, use_errno=True)


def _check(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


@contextmanager
def inside(namespace: int):
    """This thread's new sockets and children belong to the namespace of that descriptor; afterwards to the old one."""
    home = os.open(THIS_NAMESPACE, os.O_RDONLY)
    try:
        _check(libc.setns(namespace, CLONE_NEWNET), "setns")
        yield
    finally:
        _check(libc.setns(home, CLONE_NEWNET), "setns")
        os.close(home)


def new_namespace() -> int:
    """The descriptor of a fresh namespace."""
    made: list[int | OSError] = []

    def make() -> None:
        try:
            _check(libc.unshare(CLONE_NEWNET), "unshare")
            made.append(os.open(THIS_NAMESPACE, os.O_RDONLY))
        except OSError as error:
            made.append(error)

    # A thread may leave the namespace of its process; it ends here, its descriptor stays.
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


@dataclass(frozen=True)
class Interface:
    """A TUN device: what is written to `descriptor` arrives in its namespace, what is sent there can be read."""

    name: str
    descriptor: int
    control: socket.socket

    def up(self) -> None:
        """Routes that led over the device went when it went down: the default route is added again."""
        self._change_flags(lambda flags: flags | IFF_UP)
        self._add_default_route()

    def down(self) -> None:
        self._change_flags(lambda flags: flags & ~IFF_UP)

    def _change_flags(self, change) -> None:
        request = struct.pack("16sH14x", self.name.encode(), 0)
        flags = struct.unpack("16xH", fcntl.ioctl(self.control, SIOCGIFFLAGS, request)[:18])[0]
        fcntl.ioctl(self.control, SIOCSIFFLAGS, struct.pack("16sH14x", self.name.encode(), change(flags)))

    def _add_default_route(self) -> None:
        device = ctypes.create_string_buffer(self.name.encode())
        anywhere = _address("0.0.0.0")
        # struct rtentry of linux/route.h.
        entry = struct.pack("@L16s16s16sHhLPhPLLH", 0, anywhere, anywhere, anywhere, RTF_UP, 0, 0, 0, 0,
                            ctypes.addressof(device), 0, 0, 0)
        fcntl.ioctl(self.control, SIOCADDRT, entry)


def _address(text: str) -> bytes:
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))


def add_interface(namespace: int, name: str, address: str, peer: str) -> Interface:
    """A point-to-point device in the namespace, not yet up."""
    with inside(namespace):
        control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        descriptor = os.open(TUN_DEVICE, os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
        for request, value in ((SIOCSIFADDR, address), (SIOCSIFDSTADDR, peer)):
            fcntl.ioctl(control, request, struct.pack("16s16s", name.encode(), _address(value)))
    return Interface(name, descriptor, control)


def raise_loopback(namespace: int) -> None:
    with inside(namespace), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def end_processes(namespaces: list[int], spared: set[int]) -> None:
    """Kills whatever still lives in the namespaces."""
    inodes = {os.fstat(namespace).st_ino for namespace in namespaces}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in spared:
            continue
        try:
            if (entry / "ns/net").stat().st_ino in inodes:
                os.kill(int(entry.name), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue


def missing() -> str | None:
    """Why namespaces and TUN devices cannot be had here, or nothing when they can."""
    if os.geteuid() != 0:
        return "not root"
    if not TUN_DEVICE.exists():
        return f"no {TUN_DEVICE}"
    try:
        namespace = new_namespace()
    except OSError as error:
        return f"no network namespaces ({error})"
    try:
        interface = add_interface(namespace, "probe", "10.78.0.1", "10.77.0.2")
        os.close(interface.descriptor)
        interface.control.close()
    except OSError as error:
        return f"no TUN devices ({error})"
    finally:
        os.close(namespace)
    return None
