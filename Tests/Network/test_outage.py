"""A network or a server that is gone for a while, or a network that comes back as another one (rows A7 and A9)."""

from dataclasses import replace

import pytest

from fake_media import COHOST_TONE
from judge import add_delays, add_frames, add_return, add_sessions, add_skew
from session import firefox

CALM, AFTER = 6, 10


MARGIN = 0.3
"""Seconds before a change from which on an interruption counts."""


def add_interruption(row, programme, change, at_most: float) -> None:
    """Seconds without sound and without a new picture when the address changed."""
    start = change.start - MARGIN
    row.add("sound interrupted", programme.sound.longest_dip(start, change.end), "s", 2, at_most=at_most)
    row.add("picture interrupted", programme.pictures.longest_still(start, change.end), "s", 2, at_most=at_most)


@pytest.mark.parametrize("seconds", [pytest.param(3, id="3s", marks=pytest.mark.quick), pytest.param(10, id="10s")])
def test_an_outage(host, measured, seconds):
    calm = host.phase(CALM)
    out = host.phase(seconds, "outage=1")
    back = host.phase(AFTER, "outage=0")
    programme, samples = host.programme(), host.sender.samples()
    with measured(f"A7 outage {seconds}", f"nothing passes for {seconds} s") as row:
        add_return(row, programme, back, sound=1, picture=2)
        add_sessions(row, samples)
        add_skew(row, programme, calm, out, back)
        add_delays(row, programme, calm, back, samples)


def test_a_server_that_stands_still(host, measured):
    """What the browser sent meanwhile waits in the socket, as much of it as finds room there."""
    calm = host.phase(CALM)
    stopped = host.standstill(5)
    # The moment it runs again counts, not the one at which it has answered.
    back = replace(host.phase(AFTER + 4), began=stopped.ended)
    programme, samples = host.programme(), host.sender.samples()
    assert programme.sound.longest_dip(stopped.start, back.end) > 4, "the server did not stand still"
    assert programme.pictures.longest_still(stopped.start, back.end) > 4, "the server did not stand still"
    with measured("A7 standstill 5", "the server stands still for 5 s") as row:
        add_return(row, programme, back, sound=1, picture=2)
        add_sessions(row, samples)
        add_skew(row, programme, calm, stopped, back)
        add_delays(row, programme, calm, back, samples)


@pytest.mark.parametrize("kind, fault", [
    pytest.param("port", "a router forgets: another port", id="port"),
    pytest.param("address", "a router forgets: another address and port", id="address"),
])
def test_a_router_that_forgets(host, measured, kind, fault):
    calm = host.phase(CALM)
    back = host.phase(AFTER, f"rebind={kind}")
    programme, samples = host.programme(), host.sender.samples()
    with measured(f"A9 rebinding {kind}", fault) as row:
        add_interruption(row, programme, back, at_most=1)
        add_sessions(row, samples)
        add_skew(row, programme, calm, back, back)
        add_delays(row, programme, calm, back, samples)


@pytest.mark.parametrize("host", [pytest.param(firefox, id="firefox")], indirect=True)
def test_a_router_that_forgets_firefox(host, measured):
    """Whose checks for consent nominate nothing. Lost pictures come again only if mixd's requests find the new port."""
    host.phase(CALM)
    host.phase(4, "rebind=port")
    during = host.phase(8, "up.loss=0.1")
    host.programme(COHOST_TONE)
    samples = host.sender.samples()
    with measured("A9 rebinding port Firefox", "a router forgets: another port, then 10 % lost, Firefox") as row:
        add_sessions(row, samples)
        add_frames(row, during, samples, recovered=95, requests=1)


def test_another_network(host, measured):
    user = host.stats()["userId"]
    calm = host.phase(CALM)
    back = host.phase(20, "path=cell")
    programme, samples = host.programme(), host.sender.samples()
    assert host.stats().get("userId") == user, "the host is no longer there, or came back as somebody else"
    with measured("A9 network switch", "the interface goes, another one comes") as row:
        add_interruption(row, programme, back, at_most=3)
        add_sessions(row, samples)
        add_skew(row, programme, calm, back, back)
        add_delays(row, programme, calm, back, samples)
