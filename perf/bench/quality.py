"""How close an output is to the uncompressed reference composition."""

import importlib.util
import json
import shutil
import subprocess
import tempfile

from . import jobs

# Every fifth frame: enough for a mean over seconds, and VMAF is slow.
SUBSAMPLE = 5
RATE = 30


def ffmpeg_with_vmaf():
    """The system's FFmpeg if it has libvmaf, else the one of the package imageio-ffmpeg, else None."""
    candidates = [shutil.which("ffmpeg")]
    if importlib.util.find_spec("imageio_ffmpeg") is not None:
        import imageio_ffmpeg
        candidates.append(imageio_ffmpeg.get_ffmpeg_exe())
    for binary in filter(None, candidates):
        filters = subprocess.run([binary, "-hide_banner", "-filters"], capture_output=True, text=True).stdout
        if " libvmaf " in filters:
            return binary
    return None


def compare(output, reference):
    """{"vmaf", "psnr", "ssim"} of luma; without libvmaf only the latter two."""
    # Frame by frame, whatever the time stamps of the containers round to.
    same_clock = "[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]"
    binary = ffmpeg_with_vmaf()
    if binary is None:
        return {name: plain(name, output, reference, same_clock) for name in ("psnr", "ssim")}
    with tempfile.NamedTemporaryFile(suffix=".json") as log:
        measure = (f"{same_clock}libvmaf=log_fmt=json:log_path={log.name}:n_threads=2:n_subsample={SUBSAMPLE}"
                   ":feature=name=psnr|name=float_ssim")
        subprocess.run(
            [binary, "-nostdin", "-v", "error", "-i", output, *jobs.raw_input(reference), "-lavfi", measure, "-f", "null",
             "-"], check=True)
        means = {name: value["mean"] for name, value in json.load(log)["pooled_metrics"].items()}
    return {"vmaf": means["vmaf"], "psnr": means["psnr_y"], "ssim": means["float_ssim"]}


def plain(name, output, reference, same_clock):
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-i", output, *jobs.raw_input(reference), "-lavfi", f"{same_clock}{name}", "-f", "null", "-"],
        capture_output=True, text=True, check=True)
    line = next(line for line in reversed(done.stderr.splitlines()) if f"Parsed_{name}" in line)
    key = "Y:" if name == "ssim" else "y:"
    return float(line.split(f" {key}")[1].split()[0])


def facts(output):
    """Frames and video bits per second of a file."""
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries",
         "stream=nb_read_packets:packet=size", "-of", "json", output], capture_output=True, text=True, check=True)
    shown = json.loads(done.stdout)
    frames = int(shown["streams"][0]["nb_read_packets"])
    size = sum(int(packet["size"]) for packet in shown["packets"])
    return {"frames": frames, "bitrate": size * 8 * RATE / max(1, frames)}
