"""CPU time and quality of `mixd render` beside FFmpeg, GStreamer and the codecs alone."""

import collections
import json
import sys
import tempfile
import pathlib

from . import clips, jobs, latency, process, quality
from .table import row

# Beside mixd as it is by itself. With "superfast" it has the very settings of the others.
NAMES = {
    "mixd-superfast": "mixd with x264's preset superfast",
    "ffmpeg-1": "FFmpeg, one thread each",
    "ffmpeg": "FFmpeg, its own threads",
    "gstreamer": "GStreamer",
    "codecs": "the codecs alone",
}


def measure(arguments):
    kind, paths = clips.make(arguments.results, arguments.seconds)
    scenarios = [jobs.Scenario("2 people, pip", "pip", paths[:2]), jobs.Scenario("4 people, grid", "grid", paths[:4])]
    results = {"footage": kind, "seconds": arguments.seconds, "scenarios": {}}
    rows = []
    for scenario in scenarios:
        # The reference takes a gigabyte: it must not fill a small /tmp in memory.
        with tempfile.TemporaryDirectory(dir=arguments.results) as folder:
            result = measure_scenario(scenario, arguments, pathlib.Path(folder))
        results["scenarios"][scenario.layout] = result
        rows += table_rows(scenario, result, arguments.seconds)
    return results, rows


def measure_scenario(scenario, arguments, folder):
    picture, pcm = folder / "reference.yuv", folder / "reference.pcm"
    process.run(jobs.raw_composition(scenario, picture, pcm))
    outputs = {name: folder / f"{name}.mp4" for name in ("mixd", *NAMES)}
    counted, taken_off = jobs.codecs_alone(scenario, picture, pcm, outputs["codecs"])
    work = {
        "mixd": [jobs.mixd(arguments.mixd, scenario, outputs["mixd"])],
        "mixd-superfast": [
            jobs.mixd(arguments.mixd, scenario, outputs["mixd-superfast"], preset=jobs.PRESET)],
        "ffmpeg-1": [jobs.ffmpeg(scenario, outputs["ffmpeg-1"], threads=1)],
        "ffmpeg": [jobs.ffmpeg(scenario, outputs["ffmpeg"])],
        "codecs": counted + taken_off,
    }
    gstreamer = jobs.gstreamer(scenario, outputs["gstreamer"])
    if gstreamer:
        work["gstreamer"] = [gstreamer]
    best, samples = process.best_of(arguments.repeats, work)
    result = {name: costs(steps) for name, steps in best.items()}
    decode, encode, read = best["codecs"]
    result["codecs"]["cpu"] = decode.cpu + encode.cpu - read.cpu
    result["codecs"]["decode"], result["codecs"]["encode"] = decode.cpu, encode.cpu - read.cpu
    for name in work:
        result[name]["samples"] = samples[name]
        result[name] |= quality.facts(outputs[name])
        print(f"comparing the output of {name} with the reference", file=sys.stderr)
        result[name]["quality"] = quality.compare(outputs[name], picture)
    result["stages"] = stages(scenario, arguments, folder)
    return result


def costs(steps):
    return {"cpu": sum(step.cpu for step in steps), "wall": sum(step.wall for step in steps),
            "megabytes": max(step.megabytes for step in steps)}


def stages(scenario, arguments, folder):
    """Milliseconds per stage from the ledger, by the trace of a run of its own."""
    trace = folder / "trace.json"
    process.run(jobs.mixd(arguments.mixd, scenario, folder / "traced.mp4", trace))
    times = collections.defaultdict(list)
    for event in json.loads(trace.read_text())["traceEvents"]:
        if event["ph"] == "X":
            times[event["name"]].append(event["dur"] / 1000)
    return {name: latency.summary(values) for name, values in times.items()}


def table_rows(scenario, result, seconds):
    own = result["mixd"]

    def cores(entry):
        return f"{entry['cpu'] / seconds:.3f} core"

    for name, text in NAMES.items():
        if name in result:
            other = result[name]
            yield row(f"{scenario.name}: CPU", cores(own), text, cores(other), own["cpu"] / other["cpu"])
    same, alone = result["mixd-superfast"], result["codecs"]
    yield row(f"{scenario.name}: CPU with the same settings", cores(same), NAMES["codecs"], cores(alone),
              same["cpu"] / alone["cpu"])
    other = result["ffmpeg-1"]
    for name in ("vmaf", "psnr", "ssim"):
        if name in own["quality"]:
            digits = 4 if name == "ssim" else 2
            mine, theirs = own["quality"][name], other["quality"][name]
            yield row(f"{scenario.name}: {name.upper()}", f"{mine:.{digits}f}", "FFmpeg", f"{theirs:.{digits}f}",
                      f"{mine - theirs:+.{digits}f}")
    yield row(f"{scenario.name}: video bitrate", f"{own['bitrate'] / 1000:.0f} kb/s", "FFmpeg",
              f"{other['bitrate'] / 1000:.0f} kb/s", own["bitrate"] / other["bitrate"])
    yield row(f"{scenario.name}: frames", str(own["frames"]), "FFmpeg", str(other["frames"]))
    yield row(f"{scenario.name}: memory", f"{own['megabytes']:.0f} MB", "FFmpeg", f"{other['megabytes']:.0f} MB",
              own["megabytes"] / other["megabytes"])
    for name in ("decode", "compose", "encode"):
        if name in result["stages"]:
            yield row(f"{scenario.name}: {name} p50 / p95 / p99", latency.spread(result["stages"][name]))
