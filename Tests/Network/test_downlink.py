"""What a viewer of the programme, and somebody on stage, see and hear when the way to them is bad (rows D)."""

import numpy as np
import pytest

from judge import SETTLED, SETTLED_PICTURE, add_return, add_sessions, bound, settled
from viewer import Guest, Viewer

CALM, FAULT, AFTER = 6, 20, 10
WHOLE = 13
"""Of the programme's 15 pictures a second."""

NARROW = 300
SEARCHING = 20
"""Seconds that may pass until a path that is wide again carries the whole picture."""


BOTH = pytest.mark.parametrize("viewer", [
    pytest.param(Viewer, id="viewer"), pytest.param(Guest, id="stage")], indirect=True)


@BOTH
@pytest.mark.parametrize("name, fault, change, undo, freeze, concealed, requests", [
    pytest.param("D0 good network", "none, round trip 60 ms", "", "", 200, 0.1, 0, id="none"),
    pytest.param("D1 loss 10", "10 % lost, round trip 60 ms", "down.loss=0.1", "down.loss=0", 1000, 5, 1, id="10%"),
])
def test_losses_on_the_way_to_a_viewer(viewer, measured, name, fault, change, undo, freeze, concealed, requests):
    calm, during, after = viewer.phase(CALM), viewer.phase(FAULT, change), viewer.phase(AFTER, undo)
    received = viewer.received()
    with measured(name, fault) as row:
        add_sound(row, received, during, silence_ms=60, concealed=concealed)
        add_pictures(row, received, during, freeze_ms=freeze, rate=WHOLE, requests=requests)
        add_delays(row, received, calm, after)
        add_sessions(row, received.samples)


@BOTH
def test_a_narrow_way_to_a_viewer(viewer, measured):
    """There is one size only: pictures are left out, up to a key frame, and the sound goes on."""
    viewer.phase(4, f"down.rate={viewer.enough} down.queue=200")
    calm = viewer.phase(CALM)
    narrow = viewer.phase(13, f"down.rate={NARROW}")
    wide = viewer.phase(SEARCHING + 5, f"down.rate={viewer.enough}")
    received = viewer.received()
    with measured("D5 cap", f"{viewer.enough} → {NARROW} → {viewer.enough} kb/s, queue 200 ms") as row:
        for when, phase in (("before", calm), ("while narrow", narrow)):
            row.add(f"received {when}", received_rate(received.samples.between(phase.began, phase.ended)), "kb/s", 0)
        add_sound(row, received, narrow, silence_ms=20, concealed=1)
        row.add("concealed sound after 2 s", concealed_share(received, narrow.began + 2, narrow.ended), "%", 2)
        add_pictures(row, received, narrow)
        row.add("pictures whole again after", whole_again(received.pictures, wide), "s", 1, at_most=SEARCHING)
        add_delays(row, received, calm, wide, within=SEARCHING)
        add_sessions(row, received.samples)


@BOTH
def test_an_outage_of_the_way_to_a_viewer(viewer, measured):
    """What he sends gets through: he goes on agreeing to be sent something."""
    calm = viewer.phase(CALM)
    viewer.phase(3, "down.outage=1")
    back = viewer.phase(AFTER, "down.outage=0")
    received = viewer.received()
    with measured("D7 outage 3", "nothing comes for 3 s") as row:
        add_return(row, received, back, sound=1, picture=2)
        add_delays(row, received, calm, back)
        add_sessions(row, received.samples)


def add_sound(row, received, during, silence_ms: float | None = None, concealed: float | None = None) -> None:
    row.add("longest silence", 1000 * received.sound.longest_silence(during.start, during.end), "ms", 0,
            **bound(at_most=silence_ms))
    row.add("longest dip of the tone", 1000 * received.sound.longest_dip(during.start, during.end), "ms", 0)
    share = concealed_share(received, during.began, during.ended)
    row.add("concealed sound", share, "%", 2, **bound(at_most=concealed))


def concealed_share(received, began: float, ended: float) -> float:
    """Percent of the sound that the browser made up, but for what it left silent while nothing came."""
    samples = received.samples.between(began, ended)
    made_up, silent, total = (samples.growth("audio", name) for name in (
        "concealedSamples", "silentConcealedSamples", "totalSamplesReceived"))
    return 100 * (made_up - silent) / max(1, total)


def add_pictures(row, received, during, freeze_ms: float | None = None, rate: float | None = None,
                 requests: float | None = None) -> None:
    row.add("pictures a second", received.pictures.rate(during.start, during.end), "", 1, **bound(at_least=rate))
    decoded = received.samples.between(during.began, during.ended).growth("video", "framesDecoded")
    row.add("pictures decoded a second", decoded / (during.ended - during.began))
    still = 1000 * received.pictures.longest_still(during.start, during.end)
    row.add("longest freeze", still, "ms", 0, **bound(at_most=freeze_ms))
    asked = received.samples.between(during.began, during.ended).growth("video", "pliCount")
    row.add("key frame requests", asked / (during.ended - during.began), "/s", 2, **bound(at_most=requests))


def add_delays(row, received, calm, after, within: float = 5) -> None:
    """How long after the fault sound and pictures were as early again as before it, for good."""
    for name, delays, limit in (
        ("picture", received.picture_delays, SETTLED_PICTURE), ("sound", received.sound_delays, SETTLED)):
        usual = np.median([delay for _, delay in delays(calm.start, calm.end)])
        since = [(at - after.start, delay - usual) for at, delay in delays(after.start, after.end)]
        row.add(f"{name} later in the end by", 1000 * np.median([late for _, late in since[-10:]]), "ms", 0)
        row.add(f"{name} delay normal after", settled(since, limit), "s", 1, at_most=within)


def whole_again(pictures, phase, length: float = 2) -> float | None:
    """Seconds until every two seconds had enough pictures."""
    moments = np.arange(phase.start, phase.end - length, 0.25)
    thin = np.flatnonzero([pictures.rate(at, at + length) < WHOLE for at in moments])
    if not len(thin):
        return 0.0
    return float(moments[thin[-1] + 1] - phase.start) if thin[-1] + 1 < len(moments) else None


def received_rate(samples) -> float:
    """Kilobits a second without the headers below RTP."""
    received = sum(samples.growth(kind, name) for kind in ("audio", "video") for name in (
        "bytesReceived", "headerBytesReceived"))
    return received * 8 / 1000 / (samples.all[-1]["at"] - samples.all[0]["at"])
