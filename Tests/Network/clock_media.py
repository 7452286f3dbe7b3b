"""A camera and a microphone that tell the time: each picture its number, each second a beep, and a tone without end.

What comes out of the mixer can so be compared with what went in: which pictures are missing, how long one stood still,
how late picture and sound are, and how much later one is than the other.
"""

from pathlib import Path
import wave

import numpy as np

from fake_media import FRAME_RATE, HEIGHT, WIDTH, Devices, tone, write_y4m

LOOP_SECONDS = 12
"""After so long the camera begins anew, without a jump in the texture that would cost the encoder a large frame."""

SOUND_SECONDS = 180
"""Longer than any test: where a sound file begins anew, Chromium loses some milliseconds."""

PICTURES = LOOP_SECONDS * FRAME_RATE
SAMPLE_RATE = 48_000

CELLS, CELL_HEIGHT = 10, 48
"""A row along the upper edge: a white cell, eight of the number's Gray code (most significant first), a black cell."""

BITS = CELLS - 2
WHITE, BLACK = 225, 30

TONE, TONE_LEVEL = 1000, 0.2
BEEPS = (2500, 3500, 4500)
"""Hertz of the beeps of seconds 0, 1, 2, then again: a second is known among its neighbours."""

BEEP_SECONDS, BEEP_LEVEL = 0.04, 0.3


def make_clock_devices(directory: Path) -> Devices:
    devices = Devices(directory / "clock.y4m", directory / "clock.wav")
    texture = moving_texture()
    write_y4m(devices.video, (clock_picture(number, texture) for number in range(PICTURES)))
    write_sound(devices.audio)
    return devices


def gray_code(number: int) -> int:
    """Of neighbours only one bit differs, so that a picture between two of them reads as one of the two."""
    return number ^ number >> 1


def from_gray_code(code: int) -> int:
    number = 0
    while code:
        number ^= code
        code >>= 1
    return number


def moving_texture() -> np.ndarray:
    """Soft noise: costs an encoder about what a camera's picture does."""
    noise = np.random.default_rng(3).normal(0, 1, (HEIGHT // 4, WIDTH // 4))
    coarse = np.kron(noise, np.ones((4, 4)))
    for axis in (0, 1):
        coarse = (np.roll(coarse, 1, axis) + 2 * coarse + np.roll(coarse, -1, axis)) / 4
    return coarse * 22


def clock_picture(number: int, texture: np.ndarray) -> list[np.ndarray]:
    shift = HEIGHT * number // PICTURES, WIDTH * number // PICTURES
    luma = np.clip(125 + np.roll(texture, shift, (0, 1)), 16, 235).astype(np.uint8)
    code = gray_code(number)
    levels = [WHITE, *(WHITE if code >> bit & 1 else BLACK for bit in reversed(range(BITS))), BLACK]
    width = WIDTH // CELLS
    for cell, level in enumerate(levels):
        luma[:CELL_HEIGHT, cell * width : (cell + 1) * width] = level
    shape = (HEIGHT // 2, WIDTH // 2)
    return [luma, np.full(shape, 110, np.uint8), np.full(shape, 140, np.uint8)]


def clock_sound() -> np.ndarray:
    samples = tone(TONE, SOUND_SECONDS, level=TONE_LEVEL)
    length = int(BEEP_SECONDS * SAMPLE_RATE)
    edge = np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / 48)
    for second in range(SOUND_SECONDS):
        start = second * SAMPLE_RATE
        samples[start : start + length] += tone(BEEPS[second % 3], BEEP_SECONDS, level=BEEP_LEVEL)[:length] * edge
    return samples


def write_sound(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((clock_sound() * 32767).astype("<i2").tobytes())
