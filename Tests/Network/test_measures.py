"""The measuring tools, on a programme whose faults are known."""

import subprocess
from types import SimpleNamespace

import numpy as np
import pytest

from clock_media import (
    BITS, FRAME_RATE, PICTURES, SAMPLE_RATE, clock_picture, clock_sound, gray_code, moving_texture,
)
from fake_media import HEIGHT, WIDTH, write_y4m
from figures import Row
from judge import add_skew
from programme import Programme, number_of
from source import Source
from viewer import SOUND_STEP, Received

pytestmark = pytest.mark.quick

SECONDS = 12
FROZEN_AT, FROZEN = 4, 9
"""Second and number of pictures that are replaced by the one before them."""

SILENT_AT, SILENT = 6.3, 0.2
LATE_FROM, LATE = 8, 0.1
"""From second 8 on the sound is 100 ms late."""

HOLE_AT, HOLE = 7, 5
"""Second at which a server stands still, and for how many: neither picture nor sound is written."""

START, DELAY = 1_000_000.0, 0.3
"""When the devices began, and how much later the programme did."""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Programme:
    directory = tmp_path_factory.mktemp("faulty")
    texture = moving_texture()
    numbers = np.arange(SECONDS * FRAME_RATE)
    first = FROZEN_AT * FRAME_RATE
    numbers[first : first + FROZEN] = first - 1
    write_y4m(directory / "in.y4m", (clock_picture(int(number), texture) for number in numbers))
    samples = clock_sound()[: SECONDS * SAMPLE_RATE]
    late = int(LATE * SAMPLE_RATE)
    samples[LATE_FROM * SAMPLE_RATE :] = np.roll(samples, late)[LATE_FROM * SAMPLE_RATE :]
    samples[int(SILENT_AT * SAMPLE_RATE) :][: int(SILENT * SAMPLE_RATE)] = 0
    (directory / "in.raw").write_bytes(samples.astype("<f4").tobytes())
    subprocess.run([
        "ffmpeg", "-v", "error", "-i", directory / "in.y4m",
        "-f", "f32le", "-ar", str(SAMPLE_RATE), "-i", directory / "in.raw", "-vf", f"scale={2 * WIDTH}:{2 * HEIGHT}",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "2M",
        "-c:a", "aac", "-b:a", "128k", directory / "out.flv",
    ], check=True)
    source = Source(
        picture_times=START + np.arange(SECONDS * FRAME_RATE) / FRAME_RATE, numbers=np.arange(SECONDS * FRAME_RATE),
        beeps=START + np.arange(SECONDS))
    return Programme.read(directory / "out.flv", began=START + DELAY, source=source)


def test_every_picture_is_read(faulty):
    read = faulty.pictures.numbers
    expected = np.arange(SECONDS * FRAME_RATE)
    expected[FROZEN_AT * FRAME_RATE :][:FROZEN] = FROZEN_AT * FRAME_RATE - 1
    assert read.tolist() == expected.tolist()


def test_a_freeze_is_as_long_as_it_was(faulty):
    assert faulty.pictures.longest_still(1, SECONDS) == pytest.approx(FROZEN / FRAME_RATE, abs=0.01)
    assert faulty.pictures.longest_still(6, SECONDS) < 0.01
    assert faulty.pictures.rate(6, 10) == pytest.approx(FRAME_RATE)
    assert faulty.pictures.runs_again(FROZEN_AT) == pytest.approx(FROZEN_AT + FROZEN / FRAME_RATE, abs=0.04)


def test_silence_is_as_long_as_it_was(faulty):
    assert faulty.sound.longest_silence(1, SECONDS) == pytest.approx(SILENT, abs=0.03)
    assert faulty.sound.longest_silence(7, SECONDS) == 0
    assert faulty.sound.longest_dip(1, SECONDS) == pytest.approx(SILENT, abs=0.03)
    assert faulty.sound.longest_dip(1, 6) == 0
    assert faulty.sound.runs_again(SILENT_AT) == pytest.approx(SILENT_AT + SILENT, abs=0.03)


def test_delays_and_late_sound_are_noticed(faulty):
    for _, delay in faulty.picture_delays(5, SECONDS):
        assert delay == pytest.approx(DELAY, abs=0.03)
    for moment, delay in faulty.sound_delays(1, SECONDS):
        assert delay == pytest.approx(DELAY + (LATE if moment > LATE_FROM else 0), abs=0.03)
    before, after = faulty.skews(1, 7), faulty.skews(9, SECONDS)
    assert len(before) >= 5 and len(after) >= 2
    assert np.abs(before).max() < 0.03
    assert np.median(after) - np.median(before) == pytest.approx(LATE, abs=0.01)


@pytest.mark.parametrize("start, end, p99_ms, missed", [
    pytest.param(8, 12, 60, ["skew after, median", "skew after, p99"], id="late"),
    pytest.param(3, 9.5, 60, ["skew after, p99"], id="late at last"),
    pytest.param(3, 9.5, None, [], id="without a goal"),
    pytest.param(1, 7, 60, [], id="in time"),
])
def test_sound_that_is_late_misses_the_goal(faulty, start, end, p99_ms, missed):
    calm, after = SimpleNamespace(start=1, end=7), SimpleNamespace(start=start, end=end)
    row = Row("late", "late sound")
    add_skew(row, faulty, calm, calm, after, settling=0, p99_ms=p99_ms)
    assert {figure.name for figure in row.figures} >= {f"skew {phase}, p99" for phase in ("before", "during", "after")}
    assert [figure.name for figure in row.figures if not figure.is_met] == missed


def test_what_comes_behind_a_hole_is_where_it_was(tmp_path):
    texture = moving_texture()
    numbers = [number for number in range((SECONDS + HOLE) * FRAME_RATE)
               if not HOLE_AT <= number / FRAME_RATE < HOLE_AT + HOLE]
    write_y4m(tmp_path / "in.y4m", (clock_picture(number % PICTURES, texture) for number in numbers))
    samples = clock_sound()[: (SECONDS + HOLE) * SAMPLE_RATE]
    samples = np.delete(samples, np.s_[HOLE_AT * SAMPLE_RATE : (HOLE_AT + HOLE) * SAMPLE_RATE])
    (tmp_path / "in.raw").write_bytes(samples.astype("<f4").tobytes())
    later = f"PTS+gte(T,{HOLE_AT})*{HOLE}/TB"
    subprocess.run([
        "ffmpeg", "-v", "error", "-i", tmp_path / "in.y4m",
        "-f", "f32le", "-ar", str(SAMPLE_RATE), "-i", tmp_path / "in.raw",
        "-vf", f"setpts={escaped(later)}", "-af", f"asetnsamples=480,asetpts={escaped(later)}",
        "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "2M",
        "-c:a", "aac", "-b:a", "128k", tmp_path / "out.flv",
    ], check=True)
    programme = Programme.read(tmp_path / "out.flv")
    assert programme.sound.longest_silence(1, SECONDS + HOLE) == pytest.approx(HOLE, abs=0.06)
    assert programme.pictures.longest_still(1, SECONDS + HOLE) == pytest.approx(HOLE, abs=0.01)
    behind = HOLE_AT + HOLE
    assert programme.sound.runs_again(HOLE_AT + 1) == pytest.approx(behind, abs=0.06)
    assert programme.pictures.runs_again(HOLE_AT + 1) == pytest.approx(behind, abs=0.04)
    beeps = [moment for moment, _ in programme.sound.beeps if moment > behind + 0.5]
    assert len(beeps) >= 3
    assert np.abs(np.array(beeps) - np.round(beeps)).max() < 0.03


def escaped(expression: str) -> str:
    """Within a filter a comma begins the next one."""
    return expression.replace(",", "\\,")


def test_what_is_no_row_of_cells_is_no_number():
    assert number_of(np.full(10, 128.0)) == -1
    assert number_of(np.array(cells_of(PICTURES))) == -1


def test_what_a_viewer_saw_and_heard():
    """A freeze of nine pictures, after which all are 100 ms late; 0.2 s of silence."""
    numbers = np.delete(np.arange(SECONDS * FRAME_RATE), range(FROZEN_AT * FRAME_RATE, FROZEN_AT * FRAME_RATE + FROZEN))
    times = START + numbers / FRAME_RATE + LATE * (numbers > FROZEN_AT * FRAME_RATE)
    levels = np.full(SECONDS * SOUND_STEP, 0.1)
    levels[int(SILENT_AT * SOUND_STEP) :][: int(SILENT * SOUND_STEP)] = 0
    received = Received.of({
        "pictures": [[at, *cells_of(int(number))] for at, number in zip(times, numbers)],
        "sound": [[START + step / SOUND_STEP + 0.02, step / SOUND_STEP, *levels[step - 2 : step]]
                  for step in range(2, len(levels) + 1, 2)],
        "samples": [{"at": START + at, "session": 0, "audio": {
            "jitterBufferEmittedCount": 48_000 * at, "jitterBufferDelay": 4_000 * at}} for at in range(SECONDS)],
    })
    still = received.pictures.longest_still(START + 1, START + SECONDS - 1)
    assert still == pytest.approx(FROZEN / FRAME_RATE + LATE, abs=0.01)
    assert received.sound.longest_silence(START, START + SECONDS) == pytest.approx(SILENT, abs=0.02)
    assert received.sound.runs_again(START + SILENT_AT) == pytest.approx(START + SILENT_AT + SILENT + 0.02, abs=0.02)
    before, after = (received.picture_delays(START + start, START + end) for start, end in ((0, 4), (6, 11)))
    assert np.ptp([delay for _, delay in before]) < 0.001
    assert after[-1][1] - before[0][1] == pytest.approx(LATE, abs=0.001)
    waits = [delay for _, delay in received.sound_delays(START, START + SECONDS)]
    assert waits == pytest.approx([1 / 12] * (SECONDS - 1))


def cells_of(number: int) -> list[float]:
    code = gray_code(number)
    return [225.0, *(225.0 if code >> bit & 1 else 30.0 for bit in reversed(range(BITS))), 30.0]
