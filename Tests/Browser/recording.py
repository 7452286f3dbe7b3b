"""What arrived at the RTMP server: the tags of its FLV file as they are, and their decoded pictures and sound."""

from dataclasses import dataclass
import json
from pathlib import Path
import subprocess
import time

import numpy as np

AUDIO_TAG, VIDEO_TAG = 8, 9
SAMPLE_RATE = 48_000


@dataclass(frozen=True)
class Tag:
    kind: int
    milliseconds: int
    is_configuration: bool


def read_tags(path: Path) -> list[Tag]:
    """All complete audio and video tags; the file may still grow."""
    data = path.read_bytes()
    tags = []
    position = 9 + 4
    while position + 11 <= len(data):
        kind = data[position] & 0x1F
        size = int.from_bytes(data[position + 1 : position + 4], "big")
        low = int.from_bytes(data[position + 4 : position + 7], "big")
        if position + 11 + size + 4 > len(data):
            break
        if kind in (AUDIO_TAG, VIDEO_TAG) and size >= 2:
            is_configuration = data[position + 12] == 0
            tags.append(Tag(kind, data[position + 7] << 24 | low, is_configuration))
        position += 11 + size + 4
    return tags


def decode_sound(file: bytes) -> np.ndarray:
    """A file in any container as mono at `SAMPLE_RATE`."""
    command = ["ffmpeg", "-v", "error", "-i", "-", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, input=file, check=True, capture_output=True).stdout, "<f4")


class Recording:
    def __init__(self, path: Path):
        self.path = path

    def tags(self) -> list[Tag]:
        return [tag for tag in read_tags(self.path) if not tag.is_configuration]

    def now(self) -> float:
        """Seconds from the first to the newest tag: a mark on the time line of the stream."""
        tags = self.tags()
        return (tags[-1].milliseconds - tags[0].milliseconds) / 1000 if tags else 0

    def wait_for(self, seconds: float, timeout: float = 30) -> float:
        """Waits until the stream has gone on by `seconds`; returns the mark then."""
        start, deadline = self.now(), time.monotonic() + timeout
        while (now := self.now()) < start + seconds:
            assert time.monotonic() < deadline, f"the stream stands still at {now:.2f} s"
            time.sleep(0.2)
        return now

    def streams(self) -> dict[str, dict]:
        """What ffprobe says, by kind."""
        command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(self.path)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return {stream["codec_type"]: stream for stream in answer["streams"]}

    def pictures(self, start: float, end: float, every: int = 5) -> list["Picture"]:
        """Each `every`-th picture between two marks."""
        stream = self.streams()["video"]
        width, height = stream["width"], stream["height"]
        choose = f"select='between(t,{start},{end})*not(mod(n,{every}))'"
        raw = self._decode(["-vf", choose, "-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo"], end)
        size = width * height * 3 // 2
        return [Picture.from_i420(raw[at : at + size], width, height) for at in range(0, len(raw) - size + 1, size)]

    def sound(self, start: float, end: float) -> np.ndarray:
        choose = f"atrim={start}:{end}"
        raw = self._decode(["-af", choose, "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le"], end)
        return np.frombuffer(raw, "<f4")

    def _decode(self, arguments: list[str], end: float) -> bytes:
        command = ["ffmpeg", "-v", "error", "-i", str(self.path), "-t", str(end), *arguments, "-"]
        return subprocess.run(command, check=True, capture_output=True).stdout


@dataclass(frozen=True)
class Picture:
    planes: tuple[np.ndarray, np.ndarray, np.ndarray]

    @staticmethod
    def from_i420(raw: bytes, width: int, height: int) -> "Picture":
        data = np.frombuffer(raw, np.uint8)
        luma, quarter = width * height, width * height // 4
        shape = (height // 2, width // 2)
        return Picture((
            data[:luma].reshape(height, width),
            data[luma : luma + quarter].reshape(shape),
            data[luma + quarter : luma + 2 * quarter].reshape(shape),
        ))

    @property
    def width(self) -> int:
        return self.planes[0].shape[1]

    @property
    def height(self) -> int:
        return self.planes[0].shape[0]

    def region(self, x: int, y: int, width: int, height: int) -> list[np.ndarray]:
        """The three planes of a rectangle in pixels."""
        halves = [(1, self.planes[0]), (2, self.planes[1]), (2, self.planes[2])]
        return [plane[y // n : (y + height) // n, x // n : (x + width) // n] for n, plane in halves]
