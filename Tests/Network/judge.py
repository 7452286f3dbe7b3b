"""What the rows have in common: figures of the programme during and after a fault."""

import numpy as np

from figures import Row
from programme import Programme, wrapped
from sender import Samples
from session import Phase

SETTLED = 0.08
"""Seconds: a delay that is no farther from the one before the fault counts as back to normal."""


def add_sound(row: Row, programme: Programme, during: Phase, silence_ms: float | None = None,
              concealed: float | None = None) -> None:
    silence = 1000 * programme.sound.longest_silence(during.start, during.end)
    row.add("longest silence", silence, "ms", 0, **bound(at_most=silence_ms))
    row.add("longest dip of the tone", 1000 * programme.sound.longest_dip(during.start, during.end), "ms", 0)
    row.add("concealed sound", during.concealed_share, "%", 2, **bound(at_most=concealed))


def add_frames(row: Row, during: Phase, samples: Samples, recovered: float | None = None,
               requests: float | None = None) -> None:
    sent = samples.between(during.before["at"], during.after["at"])
    encoded = sent.growth("video", "framesEncoded")
    row.add("frames decoded of those sent", 100 * min(1, during.growth("framesDecoded") / max(1, encoded)), "%", 1,
            **bound(at_least=recovered))
    seconds = during.ended - during.began
    row.add("key frame requests", sent.growth("video", "pliCount") / seconds, "/s", 2, **bound(at_most=requests))


def add_pictures(row: Row, programme: Programme, during: Phase, samples: Samples, freeze_ms: float | None = None,
                 recovered: float | None = None, requests: float | None = None) -> None:
    add_frames(row, during, samples, recovered, requests)
    row.add("pictures a second", programme.pictures.rate(during.start, during.end))
    still = 1000 * programme.pictures.longest_still(during.start, during.end)
    row.add("longest freeze", still, "ms", 0, **bound(at_most=freeze_ms))


def add_skew(row: Row, programme: Programme, calm: Phase, during: Phase, after: Phase) -> None:
    """Against the time before the fault: what lies between a browser's camera and its microphone is not known."""
    usual = np.median(programme.skews(calm.start + 2, calm.end))
    row.add("skew before", 1000 * usual, "ms", 0)
    for name, start, end in (("during", during.start, during.end), ("from 5 s after", after.start + 5, after.end)):
        skews = programme.skews(start, end)
        if len(skews):
            change = 1000 * wrapped(skews - usual, 3)
            row.add(f"skew {name}, median change", np.median(change), "ms", 0)
            row.add(f"skew {name}, largest change", np.abs(change).max(), "ms", 0)


def add_delays(row: Row, programme: Programme, calm: Phase, after: Phase, within: float = 5) -> None:
    """Seconds after the fault at which picture and sound were, for good, no later than before it."""
    for name, delays, period in (("picture", programme.picture_delays, 12), ("sound", programme.sound_delays, 3)):
        usual = np.array([late for _, late in delays(calm.start + 2, calm.end)])
        usual = (usual[0] + np.median(wrapped(usual - usual[0], period))) % period
        since = [(at - after.start, float(wrapped(late - usual, period))) for at, late in delays(after.start, after.end)]
        late = [at for at, delay in since if abs(delay) > SETTLED]
        is_settled = since and (not late or late[-1] < since[-1][0])
        row.add(f"{name} delay normal after", (late[-1] if late else 0.0) if is_settled else None, "s", 1, at_most=within)


def bound(**goal: float | None) -> dict[str, float]:
    return {name: value for name, value in goal.items() if value is not None}
