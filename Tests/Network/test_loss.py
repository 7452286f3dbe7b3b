"""Packets that get lost, come late, twice or in the wrong order (rows A1 to A4)."""

import pytest

from fake_media import COHOST_TONE
from judge import SKEW_MS, add_delays, add_frames, add_pictures, add_server_delay, add_skew, add_sound
from session import firefox

CALM, FAULT, AFTER = 6, 15, 14


def go_through(host, fault: str, undo: str, seconds: float = FAULT):
    phases = host.phase(CALM), host.phase(seconds, fault), host.phase(AFTER, undo)
    return *phases, host.programme(), host.sender.samples()


def test_nothing_wrong(host, measured):
    """What the others have to be compared with: this camera, this browser and this machine."""
    calm, during, after, programme, samples = go_through(host, "", "")
    with measured("A0 good network", "none, round trip 60 ms") as row:
        add_sound(row, programme, during, silence_ms=20, concealed=0.1)
        add_pictures(row, programme, during, samples, freeze_ms=200, recovered=99, requests=0)
        add_skew(row, programme, calm, during, after)
        add_delays(row, programme, calm, after, samples)


@pytest.mark.parametrize("percent, silence, concealed, recovered, freeze, p99", [
    pytest.param(5, 60, 2, 99, None, SKEW_MS, id="5%"),
    pytest.param(10, 60, 5, 95, None, SKEW_MS, id="10%", marks=pytest.mark.quick),
    pytest.param(20, 120, 12, None, 2000, None, id="20%"),
])
def test_loss_on_the_way_to_the_server(host, measured, percent, silence, concealed, recovered, freeze, p99):
    calm, during, after, programme, samples = go_through(host, f"up.loss={percent / 100}", "up.loss=0")
    with measured(f"A1 loss {percent}", f"{percent} % lost, round trip 60 ms") as row:
        add_sound(row, programme, during, silence, concealed)
        add_pictures(row, programme, during, samples, freeze, recovered, requests=1)
        add_skew(row, programme, calm, during, after, p99_ms=p99)
        add_delays(row, programme, calm, after, samples)


def test_losses_in_bursts(host, measured):
    calm, during, after, programme, samples = go_through(host, "up.burst=0.02", "up.burst=0")
    with measured("A2 bursts", "7 % lost, 4 in a row on average, round trip 60 ms") as row:
        add_sound(row, programme, during)
        add_pictures(row, programme, during, samples, freeze_ms=1000, requests=1)
        add_skew(row, programme, calm, during, after)
        add_delays(row, programme, calm, after, samples)


def test_jitter_and_reordering(host, measured):
    calm = host.phase(CALM)
    adapting = host.phase(10, "up.delay=120 up.jitter=100 up.reorder=0.05")
    during = host.phase(12)
    after = host.phase(15, "up.delay=30 up.jitter=0 up.reorder=0")
    programme, samples = host.programme(), host.sender.samples()
    with measured("A3 jitter", "120 ms ± 100 ms, 5 % reordered") as row:
        row.add("concealed sound in the first 10 s", adapting.concealed_share, "%", 2)
        add_sound(row, programme, during, silence_ms=60, concealed=2)
        add_pictures(row, programme, during, samples)
        add_skew(row, programme, calm, during, after)
        add_delays(row, programme, calm, after, samples)
        # The sound waits for the pictures, and these wait in the browser when its rate falls.
        waits = [wait for _, wait in samples.between(adapting.began, during.ended).waits()]
        row.add("held back by the browser at most", 1000 * max(waits), "ms", 0)
        row.add("delay of the sound in the server", during.after["audioDelayMs"], "ms", 0)
        add_server_delay(row, calm, after)


def test_jitter_of_sound_alone(host, measured):
    """Nothing to wait for: the delay is what the sound itself needs."""
    host.studio.click("toggle-cam")
    calm = host.phase(CALM)
    during = host.phase(FAULT, "up.delay=120 up.jitter=100 up.reorder=0.05")
    after = host.phase(6, "up.delay=30 up.jitter=0 up.reorder=0")
    programme = host.programme()
    with measured("A3 jitter of sound", "120 ms ± 100 ms, 5 % reordered, no camera") as row:
        add_sound(row, programme, during, silence_ms=60, concealed=2)
        # Twice the jitter.
        row.add("delay of the sound in the server", during.after["audioDelayMs"], "ms", 0,
                at_most=round(calm.after["audioDelayMs"]) + 200)
        add_server_delay(row, calm, after)


def test_duplicates(host, measured):
    calm, during, after, programme, samples = go_through(host, "up.duplicate=0.1", "up.duplicate=0", seconds=8)
    with measured("A4 duplicates", "10 % of the packets twice") as row:
        add_sound(row, programme, during, silence_ms=20, concealed=0.5)
        add_pictures(row, programme, during, samples, freeze_ms=200, recovered=99)
        add_skew(row, programme, calm, during, after)
        add_delays(row, programme, calm, after, samples)


@pytest.mark.parametrize("host", [pytest.param(firefox, id="firefox")], indirect=True)
def test_loss_from_firefox(host, measured):
    """Its picture shows no numbers: only the frames are counted."""
    calm = host.phase(CALM)
    during = host.phase(FAULT, "up.loss=0.1")
    after = host.phase(6, "up.loss=0")
    programme, samples = host.programme(COHOST_TONE), host.sender.samples()
    with measured("A1 loss 10 Firefox", "10 % lost, round trip 60 ms, Firefox") as row:
        add_sound(row, programme, during, silence_ms=60, concealed=5)
        add_frames(row, during, samples, recovered=95, requests=1)
        add_server_delay(row, calm, after)
