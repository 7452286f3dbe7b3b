"""What the rows have in common: figures of the programme during and after a fault."""

import numpy as np

from clock_media import FRAME_RATE
from figures import Row
from programme import Programme
from sender import Samples
from session import Phase

SETTLED = 0.1
"""Seconds: a delay of sound that is no more above the one before the fault counts as back to normal."""

SETTLED_PICTURE = 2 / FRAME_RATE + 0.01
"""Pictures of the host move by whole steps of his camera. While the browser looks for its rate again it sends single ones
up to 80 ms late for some ten seconds, for which all of them are shown one or two steps later."""

HELD_BACK = 0.02
"""Seconds: where the pictures of half a second wait longer in the browser itself, for a rate that is too small, some of
them are far too late already. They wait 5 to 10 ms usually."""

SKEW_MS = 60
"""The goal is 40. When a sample was captured can be said from within a page to about 20 ms only."""

ENOUGH = 4
"""Of fewer beeps, which come once a second, no percentile is told."""


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


def add_skew(row: Row, programme: Programme, calm: Phase, during: Phase, after: Phase, settling: float = 5,
             p99_ms: float | None = SKEW_MS) -> None:
    """How much later the sound is than the picture; afterwards when `settling` seconds have passed.

    The 99th percentile is that of the amounts. Of some ten samples it is nearly the largest.
    """
    for name, start, end, goal, p99 in (
        ("before", calm.start, calm.end, {}, None), ("during", during.start, during.end, {}, None),
        ("after", after.start + settling, after.end, {"at_most": SKEW_MS, "at_least": -SKEW_MS}, p99_ms)):
        skews = 1000 * programme.skews(start, end)
        if len(skews):
            row.add(f"skew {name}, median", np.median(skews), "ms", 0, **goal)
            row.add(f"skew {name}, largest", skews[np.abs(skews).argmax()], "ms", 0)
        if len(skews) >= ENOUGH:
            row.add(f"skew {name}, p99", np.percentile(np.abs(skews), 99), "ms", 0, **bound(at_most=p99))


def add_delays(row: Row, programme: Programme, calm: Phase, after: Phase, samples: Samples, within: float = 5) -> None:
    """From device to programme: before the fault, and how long after it until they were that small again for good.

    That begins to count when the browser sends in time again: what it holds back nobody can show.
    """
    held_back = max((at - after.began for at, wait in samples.between(after.began, after.ended).waits()
                     if wait > HELD_BACK), default=0)
    row.add("pictures held back by the browser until", held_back, "s")
    for name, delays, limit in (
        ("picture", programme.picture_delays, SETTLED_PICTURE), ("sound", programme.sound_delays, SETTLED)):
        usual = np.median([delay for _, delay in delays(calm.start, calm.end)])
        row.add(f"{name} delay before", 1000 * usual, "ms", 0)
        since = [(at - after.start, delay - usual) for at, delay in delays(after.start, after.end)]
        row.add(f"{name} delay in the end", 1000 * (usual + np.median([delay for _, delay in since[-10:]])), "ms", 0)
        row.add(f"{name} delay normal after", settled(since, limit), "s", 1, at_most=round(held_back + within, 1))


def add_return(row: Row, programme: Programme, back: Phase, sound: float, picture: float) -> None:
    """Seconds from the return of the network until sound and picture ran again."""
    for name, line, within in (("sound", programme.sound, sound), ("picture", programme.pictures, picture)):
        runs = line.runs_again(back.start)
        row.add(f"{name} runs again after", None if runs is None else runs - back.start, "s", 2, at_most=within)


def add_sessions(row: Row, samples: Samples) -> None:
    sessions = {sample["session"] for sample in samples.all}
    row.add("new sessions", len(sessions) - 1, "", 0, at_most=0)


def add_server_delay(row: Row, calm: Phase, after: Phase) -> None:
    before, in_the_end = calm.after["audioDelayMs"], after.after["audioDelayMs"]
    row.add("delay of the sound in the server before", before, "ms", 0)
    row.add("delay of the sound in the server in the end", in_the_end, "ms", 0, at_most=round(before + 1000 * SETTLED))


def settled(since: list[tuple[float, float]], limit: float) -> float | None:
    """The moment from which on the mean of a second is never more than `limit` above zero; between two it goes evenly."""
    if not since:
        return None
    moments, delays = np.array(since).T
    means = np.array([delays[np.abs(moments - moment) <= 0.5].mean() for moment in moments])
    late = np.flatnonzero(means > limit)
    if not len(late):
        return 0.0
    last = late[-1]
    if last + 1 >= len(moments) - 1:
        return None
    return float(np.interp(-limit, -means[last : last + 2], moments[last : last + 2]))


def bound(**goal: float | None) -> dict[str, float]:
    return {name: value for name, value in goal.items() if value is not None}
