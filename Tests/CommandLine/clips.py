"""Input files made by FFmpeg: moving pictures with flashes and beeps at known times, and plain colours."""

from dataclasses import dataclass
from pathlib import Path
import subprocess

from fake_media import Colour, solid_picture

FRAME_RATE = 30
FLASH_FRAMES = 6
BEEP_SECONDS = FLASH_FRAMES / FRAME_RATE

# A camera that pans over a detailed still picture: every part of the picture moves, as a held camera does.
PAN = (
    "mandelbrot=s=800x450:r=30:start_scale=0.4:maxiter=300,trim=end_frame=1,format=yuv420p,"
    "scale=1600:900:flags=bicubic,loop=200:1,setpts=N/30/TB,crop=1280:720:x='160+150*sin(t*1.3)':y='90+80*cos(t*1.7)'")
PATTERN = "testsrc2=s=1280x720:r=30,format=yuv420p"
SMALL_PATTERN = "testsrc2=s=320x180:r=30,format=yuv420p"

VP8 = ["-c:v", "libvpx", "-b:v", "3M", "-deadline", "realtime", "-cpu-used", "16", "-g", "60", "-threads", "2"]
OPUS = ["-c:a", "libopus", "-b:a", "96k"]
H264_AAC = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-ar", "48000"]


@dataclass(frozen=True)
class Clip:
    """A file whose box turns white and whose beep sounds at the same instants, over a tone that never stops."""

    path: Path
    frames: int
    tone: int
    beep: int
    flashes: tuple[int, ...]
    """Frames at which a flash begins."""

    @property
    def flash_times(self) -> list[float]:
        return [frame / FRAME_RATE for frame in self.flashes]


def make_clip(
    path: Path, source: str, box: tuple[int, int, int, int], flashes: tuple[int, ...], tone: int, beep: int, frames: int
) -> Clip:
    x, y, width, height = box
    draw = f"drawbox=x={x}:y={y}:w={width}:h={height}:t=fill"
    lit = "+".join(f"between(n,{frame},{frame + FLASH_FRAMES - 1})" for frame in flashes)
    sounding = "+".join(f"between(t,{frame / FRAME_RATE},{frame / FRAME_RATE + BEEP_SECONDS})" for frame in flashes)
    sound = f"0.1*sin(2*PI*{tone}*t)+0.4*({sounding})*sin(2*PI*{beep}*t)"
    seconds = frames / FRAME_RATE
    run_ffmpeg(
        "-f", "lavfi", "-i", f"{source},{draw}:color=black,{draw}:color=white:enable='{lit}'",
        "-f", "lavfi", "-i", f"aevalsrc='{sound}':s=48000:d={seconds}",
        "-frames:v", str(frames), *VP8, *OPUS, str(path))
    return Clip(path, frames, tone, beep, flashes)


def make_plain_clip(path: Path, colour: Colour, tone: int, codecs: list[str], seconds: float = 1) -> Path:
    """640×360 in one colour; a container without pictures or without sound gets what it can hold."""
    raw = b"".join(plane.tobytes() for plane in solid_picture(colour)) * round(seconds * FRAME_RATE)
    pictures = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "640x360", "-r", str(FRAME_RATE), "-i", "-"]
    sound = ["-f", "lavfi", "-i", f"aevalsrc='0.2*sin(2*PI*{tone}*t)':s=48000:d={seconds}"]
    run_ffmpeg(*pictures, *sound, *codecs, str(path), stdin=raw)
    return path


def run_ffmpeg(*arguments: str, stdin: bytes = b"") -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], input=stdin, check=True, timeout=120)
