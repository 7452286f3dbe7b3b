"""A way to the server that becomes narrow and wide again (row A5)."""

import pytest

from judge import add_pictures, add_skew, add_sound

NARROW, WIDE = 300, 1000
SEARCHING = 20
"""Seconds that a sender may take to find out that there is more again."""


@pytest.mark.quick
def test_a_narrow_way(host, measured):
    host.phase(2, f"up.rate={WIDE} up.queue=200")
    calm = host.phase(7)
    narrow = host.phase(13, f"up.rate={NARROW}")
    wide = host.phase(SEARCHING + 5, f"up.rate={WIDE}")
    programme, samples = host.programme(), host.sender.samples()
    with measured("A5 cap", f"{WIDE} → {NARROW} → {WIDE} kb/s, queue 200 ms") as row:
        before = samples.between(calm.began, calm.ended)
        row.add("sent before", mean_rate(before), "kb/s", 0)
        fitting = samples.between(narrow.began, narrow.ended).first(lambda sample: wanted(sample) <= NARROW)
        row.add("sender down to the cap after", since(narrow, fitting), "s", 1, at_most=5)
        found = samples.between(wide.began, wide.ended).first(
            lambda sample: (sample.get("availableOutgoingBitrate") or 0) >= 0.7 * WIDE * 1000)
        row.add("70 % of the cap found again after", since(wide, found), "s", 1, at_most=SEARCHING)
        row.add("sent while narrow", mean_rate(samples.between(narrow.began + 5, narrow.ended)), "kb/s", 0)
        row.add("sent in the end", mean_rate(samples.between(wide.ended - 4, wide.ended)), "kb/s", 0)
        heights = [sample["video"]["frameHeight"] for sample in samples.all if "video" in sample]
        row.add("smallest picture sent", min(filter(None, heights)), "lines", 0)
        add_sound(row, programme, narrow, silence_ms=60, concealed=5)
        add_pictures(row, programme, narrow, samples)
        add_skew(row, programme, calm, narrow, wide, settling=SEARCHING, p99_ms=None)


def wanted(sample: dict) -> float:
    """Kilobits a second that the browser's encoders aim at."""
    return sum(sample[kind]["targetBitrate"] or 0 for kind in ("audio", "video") if kind in sample) / 1000


def mean_rate(samples) -> float:
    rates = [rate for _, rate in samples.rates()]
    return sum(rates) / max(1, len(rates))


def since(phase, moment: float | None) -> float | None:
    return None if moment is None else moment - phase.began
