"""A live room over loopback: its latency, and its CPU with senders that send no more than is shown of them."""

import contextlib
import statistics
import sys

from . import clips, jobs, latency, process, server, sink
from .table import row

STAGES = ("jitter", "decode", "wait", "compose", "encode", "packetize", "output", "mix")


def measure(arguments):
    kind, paths = clips.make(arguments.results, arguments.seconds)
    variants = [(clips.variants(path), clips.sound(path)) for path in paths]
    results = {"footage": kind, "seconds": arguments.seconds, "latency": {}, "rooms": {}}
    rows = list(measure_latency(arguments, variants, results["latency"]))
    rows += measure_rooms(arguments, paths, variants, results["rooms"])
    return results, rows


def measure_latency(arguments, variants, results):
    """Two people, once watched over WHEP, once pushed over RTMP."""
    for name, options in destinations():
        with options as extra:
            if extra is None:
                continue
            print(f"live room to {name}", file=sys.stderr)
            _, report = server.loaded(arguments.mixd, arguments.seconds, *people(variants[:2]), "--adapt", *extra)
        stats = report["stats"]
        results[name] = stats
        for stage in STAGES:
            if stats["latency"].get(stage, {}).get("count"):
                yield row(f"live room to {name}: {stage} p50 / p95 / p99", latency.spread(stats["latency"][stage]))
        yield row(f"live room to {name}: ticks missed",
                  f"{stats['ticksMissed']} of {stats['framesComposed'] + stats['ticksMissed']}")


def destinations():
    return [("WHEP", contextlib.nullcontext(["--viewers", "1"])), ("RTMP", pushed())]


@contextlib.contextmanager
def pushed():
    """The options for a push to a receiver that keeps nothing; None where there is none."""
    with sink.rtmp() as url:
        yield ["--output", url] if url else None


def people(variants):
    options = ["--participants", str(len(variants))]
    for files, sound in variants:
        options += ["--clip", ",".join(map(str, files)), "--sound", str(sound)]
    return options


def measure_rooms(arguments, paths, variants, results):
    """CPU of the server alone, pushing over RTMP, beside FFmpeg doing the same from the full-size files."""
    for count, layout in ((2, "pip"), (4, "grid")):
        scenario = jobs.Scenario(f"{count} people, {layout}", layout, paths[:count])
        result = {name: [] for name in ("adapting", "full size", "ffmpeg", "ffmpeg paced")}
        for turn in range(arguments.repeats):
            print(f"\r\033[K{turn + 1}/{arguments.repeats} live room of {count}", end="", file=sys.stderr, flush=True)
            for name, extra in (("adapting", ["--adapt"]), ("full size", [])):
                with pushed() as output:
                    cpu, _ = server.loaded(
                        arguments.mixd, arguments.seconds, *people(variants[:count]), "--layout", layout,
                        *(output or ["--viewers", "1"]), *extra)
                result[name].append(cpu / arguments.seconds)
            for name, paced in (("ffmpeg", False), ("ffmpeg paced", True)):
                cost = process.run(jobs.ffmpeg(scenario, arguments.results / "beside.mp4", threads=1, paced=paced))
                result[name].append(cost.cpu / arguments.seconds)
        print("\r\033[K", end="", file=sys.stderr)
        results[layout] = result
        for name in ("adapting", "full size"):
            own = min(result[name])
            for peer, text in (("ffmpeg", "FFmpeg from files, one thread each"),
                               ("ffmpeg paced", "the same, at the pace of the clips")):
                beside = min(result[peer])
                yield row(f"live, {scenario.name}, senders {name}: CPU", f"{own:.3f} core", text,
                          f"{beside:.3f} core", own / beside)
        spread = statistics.pstdev(result["adapting"])
        yield row(f"live, {scenario.name}: spread of {arguments.repeats} runs", f"± {spread:.3f} core")
