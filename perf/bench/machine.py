"""What the numbers were measured on, and whether they can be measured at all."""

import os
import pathlib
import platform
import shutil
import subprocess


def problems(mixd):
    if not mixd.exists():
        yield f"{mixd} does not exist; run make build"
    if shutil.which("ffmpeg") is None:
        yield "ffmpeg is missing; run make bench, which installs it"


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout or done.stderr).split("\n")[0].strip()


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def description(repository):
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "commit": first_line("git", "-C", str(repository), "describe", "--always", "--dirty"),
        "ffmpeg": first_line("ffmpeg", "-version").split(" Copyright")[0],
        "gstreamer": first_line("gst-launch-1.0", "--version"),
        "swift": first_line("swift", "--version"),
    }


def summary(machine):
    return (f"{machine['processor']}, {machine['cores']} cores, load {machine['load']:.1f} at the start; "
            f"{machine['ffmpeg']}; commit {machine['commit']}")
