"""Statements about pictures, sound and time that the tests make; a failed one says what was seen instead."""

import numpy as np

from fake_media import BOX_SIZE, BOX_TOP, FRAME_RATE, QUADRANTS, Colour
from recording import AUDIO_TAG, SAMPLE_RATE, VIDEO_TAG, Picture, Tag

COLOUR_TOLERANCE = 10
EDGE = 8
"""Pixels next to an edge that scaling and coding may blur."""

MAX_GAP_MS = 100


def check_colour(picture: Picture, rectangle: tuple[int, int, int, int], colour: Colour, what: str) -> None:
    """Nearly every pixel of the rectangle, its edges left out, has this colour."""
    x, y, width, height = rectangle
    inner = picture.region(x + EDGE, y + EDGE, width - 2 * EDGE, height - 2 * EDGE)
    for name, plane, value in zip(("Y", "Cb", "Cr"), inner, colour):
        off = np.abs(plane.astype(int) - value) > COLOUR_TOLERANCE
        seen = f"median {np.median(plane):.0f}, expected {value}, {off.mean():.1%} of the pixels differ"
        assert off.mean() < 0.005, f"{what}: {name} {seen}"


def has_colour(picture: Picture, rectangle: tuple[int, int, int, int], colour: Colour) -> bool:
    try:
        check_colour(picture, rectangle, colour, "")
    except AssertionError:
        return False
    return True


def check_host_fills(picture: Picture, covered: tuple[int, int, int, int] | None) -> None:
    """The four colours of the host reach the edges of the canvas, except where `covered` lies over them."""
    half_width, half_height = picture.width // 2, picture.height // 2
    box_bottom = (BOX_TOP + BOX_SIZE) * picture.height // 360 + EDGE
    for name, colour in QUADRANTS.items():
        x = 0 if name.endswith("left") else half_width
        y = box_bottom if name.startswith("top") else half_height
        height = half_height - (y if name.startswith("top") else 0)
        for part in without((x, y, half_width, height), covered):
            check_colour(picture, part, colour, f"host's {name}")
    for name in ("bottom left", "top right"):
        check_corner(picture, name)


def check_corner(picture: Picture, name: str) -> None:
    """The outermost pixels belong to the host: no black border."""
    x = 0 if name.endswith("left") else picture.width - 4
    y = 0 if name.startswith("top") else picture.height - 4
    luma = np.median(picture.region(x, y, 4, 4)[0])
    assert abs(luma - QUADRANTS[name][0]) <= 2 * COLOUR_TOLERANCE, f"{name} corner: luma {luma}"


def without(area: tuple[int, int, int, int], hole: tuple[int, int, int, int] | None) -> list[tuple[int, int, int, int]]:
    """`area` above and left of a hole, which is assumed to reach towards its lower right."""
    x, y, width, height = area
    if hole is None or hole[0] >= x + width or hole[1] >= y + height:
        return [area]
    if hole[0] + hole[2] <= x or hole[1] + hole[3] <= y:
        return [area]
    parts = [(x, y, width, hole[1] - y), (x, hole[1], hole[0] - x, y + height - hole[1])]
    return [part for part in parts if part[2] > 4 * EDGE and part[3] > 4 * EDGE]


def check_moves(pictures: list[Picture]) -> None:
    """The box of the host runs: neighbouring pictures differ where it is."""
    strips = [picture.region(0, BOX_TOP, picture.width // 2, BOX_SIZE)[0].astype(int) for picture in pictures]
    changes = [np.abs(after - before).max() for before, after in zip(strips, strips[1:])]
    frozen = sum(change < 20 for change in changes)
    assert frozen <= len(changes) // 4, f"{frozen} of {len(changes)} pictures did not move"


def level(samples: np.ndarray, frequency: float) -> float:
    """Amplitude of a tone in dBFS."""
    assert len(samples) > SAMPLE_RATE // 2, f"only {len(samples)} samples"
    window = np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(samples * window)) * 2 / window.sum()
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE) - frequency) < 8
    return 20 * np.log10(spectrum[near].max() + 1e-9)


def check_tones(samples: np.ndarray, present: list[float], absent: list[float]) -> None:
    levels = {frequency: round(float(level(samples, frequency)), 1) for frequency in present + absent}
    for frequency in present:
        assert levels[frequency] > -30, f"{frequency} Hz is missing: dBFS {levels}"
    for frequency in absent:
        assert levels[frequency] < -55, f"{frequency} Hz should not be there: dBFS {levels}"


def check_timing(tags: list[Tag], missed: int = 0) -> None:
    """Of sound and of pictures: time never goes back, no gap over 100 ms but for pictures the server says it missed."""
    for name, kind in (("audio", AUDIO_TAG), ("video", VIDEO_TAG)):
        times = np.array([tag.milliseconds for tag in tags if tag.kind == kind])
        assert len(times) > 50, f"{name}: only {len(times)} tags"
        steps = np.diff(times)
        at = int(steps.argmin())
        assert steps[at] >= 0, f"{name}: time goes back by {-steps[at]} ms at {times[at]} ms"
        at = int(steps.argmax())
        lost = (np.round(steps * FRAME_RATE / 1000).clip(1) - 1).sum()
        excused = name == "video" and lost <= missed
        assert steps[at] <= MAX_GAP_MS or excused, f"{name}: a gap of {steps[at]} ms at {times[at]} ms"
