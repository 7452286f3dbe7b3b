"""Pictures and tones that browsers and encoders send in the tests: exact YUV values, exact frequencies."""

from dataclasses import dataclass
from pathlib import Path
import wave

import numpy as np

WIDTH, HEIGHT, FRAME_RATE = 640, 360, 15
HOST_TONE, COHOST_TONE = 440, 880

Colour = tuple[int, int, int]
"""Y, Cb and Cr of limited range."""

QUADRANTS: dict[str, Colour] = {
    "top left": (180, 80, 110),
    "top right": (90, 170, 90),
    "bottom left": (120, 100, 190),
    "bottom right": (60, 120, 150),
}
"""What the host shows."""

COHOST_COLOUR: Colour = (145, 54, 34)

BOX_LUMA, BOX_SIZE, BOX_TOP = 235, 32, 20
"""A box that runs along the upper edge of the host's picture, so that a frozen picture is noticed."""


@dataclass(frozen=True)
class Devices:
    """The files behind one browser's camera and microphone."""

    video: Path
    audio: Path


def make_devices(directory: Path) -> tuple[Devices, Devices]:
    """Writes the files of the host and of the co-host."""
    host = Devices(directory / "host.y4m", directory / "host.wav")
    cohost = Devices(directory / "cohost.y4m", directory / "cohost.wav")
    write_y4m(host.video, [host_picture(step) for step in range(FRAME_RATE * 2)])
    write_y4m(cohost.video, [solid_picture(COHOST_COLOUR)] * FRAME_RATE)
    write_tone(host.audio, HOST_TONE)
    write_tone(cohost.audio, COHOST_TONE)
    return host, cohost


def solid_picture(colour: Colour) -> list[np.ndarray]:
    shapes = [(HEIGHT, WIDTH), (HEIGHT // 2, WIDTH // 2), (HEIGHT // 2, WIDTH // 2)]
    return [np.full(shape, value, np.uint8) for shape, value in zip(shapes, colour)]


def host_picture(step: int) -> list[np.ndarray]:
    planes = solid_picture((0, 128, 128))
    for name, colour in QUADRANTS.items():
        for plane, value in zip(planes, colour):
            rows, columns = plane.shape[0] // 2, plane.shape[1] // 2
            top = 0 if name.startswith("top") else rows
            left = 0 if name.endswith("left") else columns
            plane[top : top + rows, left : left + columns] = value
    left = step * 8 % (WIDTH // 2 - BOX_SIZE)
    planes[0][BOX_TOP : BOX_TOP + BOX_SIZE, left : left + BOX_SIZE] = BOX_LUMA
    return planes


def write_y4m(path: Path, pictures: list[list[np.ndarray]], size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{size[0]} H{size[1]} F{FRAME_RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for planes in pictures:
            file.write(b"FRAME\n")
            for plane in planes:
                file.write(plane.tobytes())


def tone(frequency: float, seconds: float, rate: int = 48_000, level: float = 0.25) -> np.ndarray:
    return level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def write_tone(path: Path, frequency: int, seconds: int = 10) -> None:
    """A whole number of periods, so that the file can be repeated without a click."""
    samples = (tone(frequency, seconds) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(samples.tobytes())
