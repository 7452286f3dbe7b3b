"""What a rendered file really holds: its timestamps, its likeness to a reference, its flashes and beeps."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
import subprocess

import numpy as np

from clips import BEEP_SECONDS, FRAME_RATE
from recording import SAMPLE_RATE

Rectangle = tuple[int, int, int, int]
"""x, y, width, height."""


def streams(path: Path) -> dict[str, dict]:
    """What ffprobe says of a file's tracks, by kind."""
    answer = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)], check=True, capture_output=True)
    return {stream["codec_type"]: stream for stream in json.loads(answer.stdout)["streams"]}


def frame_times(path: Path) -> np.ndarray:
    """Presentation times of the decoded pictures in seconds."""
    what = ["-select_streams", "v", "-show_entries", "frame=pts_time", "-of", "csv=p=0"]
    answer = subprocess.run(
        ["ffprobe", "-v", "error", *what, str(path)], check=True, capture_output=True, text=True)
    return np.array([float(line.strip(",")) for line in answer.stdout.split() if line.strip(",")])


def check_steady(path: Path, frames: int, rate: int = FRAME_RATE) -> None:
    """Every picture is there, each 1/rate after the one before, within the rounding of the container."""
    times = frame_times(path)
    assert len(times) == frames
    drift = np.abs(times - times[0] - np.arange(frames) / rate)
    assert drift.max() < 0.0011, f"picture {drift.argmax()} is {drift.max() * 1000:.2f} ms off"


@dataclass(frozen=True)
class Likeness:
    mean: float
    worst: float
    """Of a single picture."""

    def __str__(self) -> str:
        return f"{self.mean:.4f} (worst picture {self.worst:.4f})"


def likeness(program: Path, inputs: list[Path], reference: str, areas: dict[str, Rectangle], scratch: Path) -> dict:
    """SSIM by area of `program`, picture by picture, to `[ref]` of a filter graph over `[in1]`, `[in2]`, …"""
    same_clock = "settb=1/30,setpts=N"
    graph = [f"[{index}:v]{same_clock}[in{index}]" for index in range(len(inputs) + 1)]
    graph += [reference, f"[in0]split={len(areas)}" + "".join(f"[a{index}]" for index in range(len(areas)))]
    graph += [f"[ref]split={len(areas)}" + "".join(f"[b{index}]" for index in range(len(areas)))]
    for index, (name, (x, y, width, height)) in enumerate(areas.items()):
        crop = f"crop={width}:{height}:{x}:{y}"
        graph += [f"[a{index}]{crop}[ca{index}]", f"[b{index}]{crop}[cb{index}]"]
        graph += [f"[ca{index}][cb{index}]ssim=stats_file={scratch / f'{name}.ssim'}:shortest=1[o{index}]"]
    files = [argument for path in [program, *inputs] for argument in ("-i", str(path))]
    outputs = [argument for index in range(len(areas)) for argument in ("-map", f"[o{index}]", "-f", "null", "-")]
    subprocess.run(
        ["ffmpeg", "-v", "error", *files, "-filter_complex", ";".join(graph), *outputs], check=True, timeout=120)
    return {name: read_likeness(scratch / f"{name}.ssim") for name in areas}


def read_likeness(path: Path) -> Likeness:
    values = [float(value) for value in re.findall(r"All:([0-9.]+)", path.read_text())]
    return Likeness(float(np.mean(values)), min(values))


def flash_starts(path: Path, centre: tuple[int, int]) -> list[float]:
    """When the box around `centre` turns white, by the presentation times of the pictures."""
    x, y = centre
    size = 8
    raw = subprocess.run([
        "ffmpeg", "-v", "error", "-i", str(path), "-vf", f"crop={size}:{size}:{x - size // 2}:{y - size // 2}",
        "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "-",
    ], check=True, capture_output=True).stdout
    light = np.frombuffer(raw, np.uint8).reshape(-1, size * size).mean(axis=1) > 128
    begins = np.flatnonzero(light[1:] & ~light[:-1]) + 1
    return [float(time) for time in frame_times(path)[begins]]


def sound(path: Path) -> np.ndarray:
    """Mono, its first sample at time zero of the file whatever the track's first timestamp is."""
    return np.frombuffer(subprocess.run([
        "ffmpeg", "-v", "error", "-i", str(path), "-af", "aresample=async=1:first_pts=0", "-ac", "1",
        "-ar", str(SAMPLE_RATE), "-f", "f32le", "-",
    ], check=True, capture_output=True).stdout, "<f4")


def beep_starts(samples: np.ndarray, frequency: int) -> list[float]:
    """When a tone of `frequency` sets in, to a few milliseconds."""
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(samples)) / SAMPLE_RATE)
    window = SAMPLE_RATE // 200
    height = np.abs(np.convolve(samples * turning, np.ones(window) / window, mode="same"))
    loud = height > height.max() / 2
    begins = (np.flatnonzero(loud[1:] & ~loud[:-1]) + 1) / SAMPLE_RATE
    return [float(at) for at, before in zip(begins, [-1.0, *begins]) if at - before > BEEP_SECONDS]


def check_together(flashes: list[float], beeps: list[float], expected: list[float]) -> list[float]:
    """Flashes and beeps stand where the input had them; returns by how many milliseconds each beep is late."""
    assert len(flashes) == len(beeps) == len(expected), f"flashes {flashes}, beeps {beeps}, expected {expected}"
    frame = 1 / FRAME_RATE
    assert max(abs(np.subtract(flashes, expected))) < frame / 2, f"flashes at {flashes}, expected {expected}"
    late = np.subtract(beeps, flashes)
    assert max(abs(late)) < frame, f"beeps are late by {late} s"
    return [round(float(value) * 1000, 1) for value in late]
