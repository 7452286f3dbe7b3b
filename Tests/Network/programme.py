"""The recorded programme as two time lines: which picture of the camera was shown when, and when a beep was heard."""

from dataclasses import dataclass
from pathlib import Path
import subprocess

import numpy as np

from clock_media import (
    BEEP_SECONDS, BEEPS, BITS, CELL_HEIGHT, CELLS, FRAME_RATE, PICTURES, SAMPLE_RATE, TONE, from_gray_code,
)
from fake_media import HEIGHT
from recording import AUDIO_TAG, VIDEO_TAG, read_tags
from source import Source

SAMPLED_CELL = 8
"""Pixels that one cell is reduced to in width; the middle ones are read."""

STEP = SAMPLE_RATE // 200
"""Samples between two looks at the sound: 5 ms."""

LOST_CONTRAST = 40
SILENT = 10 ** (-50 / 20)


@dataclass(frozen=True)
class Pictures:
    """`numbers`: which picture of the camera is shown, −1 when none can be read."""

    times: np.ndarray
    numbers: np.ndarray

    def between(self, start: float, end: float) -> "Pictures":
        chosen = (self.times >= start) & (self.times < end)
        return Pictures(self.times[chosen], self.numbers[chosen])

    def changes(self) -> np.ndarray:
        """When a picture that can be read took the place of another."""
        fresh = (self.numbers[1:] != self.numbers[:-1]) & (self.numbers[1:] >= 0)
        return self.times[1:][fresh]

    def longest_still(self, start: float, end: float) -> float:
        """Seconds from one new picture to the next, the longest of the time, what a running picture takes left out."""
        changes = self.changes()
        moments = np.array([start, *changes[(changes >= start) & (changes < end)], end])
        return max(0.0, float(np.diff(moments).max()) - 1 / FRAME_RATE)

    def rate(self, start: float, end: float) -> float:
        """Different pictures a second."""
        changes = self.changes()
        return float(np.count_nonzero((changes >= start) & (changes < end)) / (end - start))

    def runs_again(self, after: float, length: float = 1) -> float | None:
        """When pictures began to move and kept on for `length` seconds, at half their rate at least."""
        changes = self.changes()
        later = changes[changes >= after]
        needed = int(length * FRAME_RATE / 2)
        for index in range(len(later) - needed):
            window = later[index : index + needed + 1]
            if window[-1] - window[0] <= length and np.diff(window).max() < 0.35:
                return float(later[index])
        return None


@dataclass(frozen=True)
class Sound:
    """`level` of everything and of the tone alone, every 5 ms; `beeps`: seconds and which of the three."""

    start: float
    level: np.ndarray
    tone: np.ndarray
    beeps: list[tuple[float, int]]

    def _part(self, values: np.ndarray, start: float, end: float) -> np.ndarray:
        first, last = (max(0, int((moment - self.start) * SAMPLE_RATE / STEP)) for moment in (start, end))
        return values[first:last]

    def longest_silence(self, start: float, end: float) -> float:
        """Seconds without any sound at all."""
        return longest_run(self._part(self.level, start, end) < SILENT) * STEP / SAMPLE_RATE

    def longest_dip(self, start: float, end: float) -> float:
        """Seconds in which the tone was 12 dB too low, whatever else was heard."""
        usual = np.median(self.tone)
        return longest_run(self._part(self.tone, start, end) < usual / 4) * STEP / SAMPLE_RATE

    def heard_share(self, start: float, end: float) -> float:
        """Share of the time in which the tone was there."""
        part = self._part(self.tone, start, end)
        return float(np.mean(part >= np.median(self.tone) / 4)) if len(part) else 0.0

    def runs_again(self, after: float, length: float = 0.5) -> float | None:
        """When the tone began to be there and stayed for `length` seconds."""
        end = self.start + len(self.tone) * STEP / SAMPLE_RATE
        there = self._part(self.tone >= np.median(self.tone) / 2, after, end)
        needed = int(length * SAMPLE_RATE / STEP)
        run = 0
        for index, present in enumerate(there):
            run = run + 1 if present else 0
            if run == needed:
                return after + (index + 1 - needed) * STEP / SAMPLE_RATE
        return None


def longest_run(flags: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


@dataclass(frozen=True)
class Programme:
    """`began`: the programme's second 0 on the machine's clock. Without a source no delay can be told."""

    pictures: Pictures
    sound: Sound
    began: float = 0
    source: Source | None = None

    @staticmethod
    def read(path: Path, tone: float = TONE, began: float = 0, source: Source | None = None) -> "Programme":
        tags = [tag for tag in read_tags(path) if not tag.is_configuration]
        first = tags[0].milliseconds
        times = {kind: np.array([(tag.milliseconds - first) / 1000 for tag in tags if tag.kind == kind])
                 for kind in (AUDIO_TAG, VIDEO_TAG)}
        pictures, sound = read_pictures(path, times[VIDEO_TAG]), read_sound(path, times[AUDIO_TAG][0], tone)
        return Programme(pictures, sound, began, source)

    def picture_delays(self, start: float, end: float) -> list[tuple[float, float]]:
        """(programme time, seconds from the camera into the programme) of each picture when it was new."""
        changed = np.flatnonzero((np.diff(self.pictures.numbers) != 0) & (self.pictures.numbers[1:] >= 0)) + 1
        shown = [(float(self.pictures.times[at]), int(self.pictures.numbers[at])) for at in changed]
        ages = [(at, self.source.picture_age(number, self.began + at)) for at, number in shown if start <= at < end]
        return [(at, age) for at, age in ages if age is not None]

    def sound_delays(self, start: float, end: float) -> list[tuple[float, float]]:
        """(programme time, seconds from the microphone into the programme) of each beep."""
        ages = [(at, self.source.beep_age(self.began + at)) for at, _ in self.sound.beeps if start <= at < end]
        return [(at, age) for at, age in ages if age is not None]

    def skews(self, start: float, end: float) -> np.ndarray:
        """Seconds that the sound is later than the pictures of the second around it, at each beep."""
        pictures = np.array(self.picture_delays(start - 0.5, end + 0.5)).reshape(-1, 2)
        found = []
        for moment, delay in self.sound_delays(start, end):
            around = np.abs(pictures[:, 0] - moment) < 0.5
            if np.count_nonzero(around) >= FRAME_RATE // 3:
                found.append(delay - pictures[around, 1].mean())
        return np.array(found)


def read_pictures(path: Path, times: np.ndarray) -> Pictures:
    width = CELLS * SAMPLED_CELL
    reduce = f"crop=iw:ih*{CELL_HEIGHT}/{HEIGHT}:0:0,scale={width}:8:flags=area,format=gray"
    raw = decode(path, ["-vf", reduce, "-fps_mode", "passthrough", "-f", "rawvideo"])
    rows = np.frombuffer(raw, np.uint8).reshape(-1, 8, CELLS, SAMPLED_CELL)
    levels = rows[:, 2:6, :, 2:6].mean(axis=(1, 3))
    count = min(len(levels), len(times))
    return Pictures(times[:count], np.array([number_of(cells) for cells in levels[:count]]))


def number_of(cells: np.ndarray) -> int:
    white, black = cells[0], cells[-1]
    if white - black < LOST_CONTRAST:
        return -1
    code = int("".join("1" if cell > (white + black) / 2 else "0" for cell in cells[1:-1]), 2)
    number = from_gray_code(code)
    return number if number < PICTURES else -1


def read_sound(path: Path, start: float, tone: float) -> Sound:
    """Where nothing was written, as a server that stands still writes nothing, there is silence."""
    filled = "aresample=async=1"
    raw = decode(path, ["-vn", "-af", filled, "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le"])
    samples = np.frombuffer(raw, "<f4").astype(np.float64)
    level = np.sqrt(windowed_mean(samples**2, 2 * STEP))[::STEP]
    return Sound(start, level, strength(samples, tone, 4 * STEP)[::STEP], find_beeps(samples, start))


def strength(samples: np.ndarray, frequency: float, window: int) -> np.ndarray:
    """Amplitude of a frequency around each sample."""
    turning = samples * np.exp(-2j * np.pi * frequency * np.arange(len(samples)) / SAMPLE_RATE)
    return 2 * np.abs(windowed_mean(turning, window))


def windowed_mean(values: np.ndarray, window: int) -> np.ndarray:
    sums = np.concatenate([np.zeros(1, values.dtype), np.cumsum(values)])
    centre = np.arange(len(values))
    first, last = np.maximum(0, centre - window // 2), np.minimum(len(values), centre + window // 2)
    return (sums[last] - sums[first]) / np.maximum(1, last - first)


def find_beeps(samples: np.ndarray, start: float) -> list[tuple[float, int]]:
    """The middle of each beep that is loud and whole, less half its length."""
    beeps = []
    for kind, frequency in enumerate(BEEPS):
        strong = strength(samples, frequency, 480)
        flags = strong > 0.25 * np.percentile(strong, 99)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
        for first, last in zip(edges[::2], edges[1::2]):
            if 0.6 * BEEP_SECONDS < (last - first) / SAMPLE_RATE < 1.8 * BEEP_SECONDS:
                beeps.append((float(start + (first + last) / 2 / SAMPLE_RATE - BEEP_SECONDS / 2), kind))
    return sorted(beeps)


def decode(path: Path, arguments: list[str]) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", str(path), *arguments, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout
