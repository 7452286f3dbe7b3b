"""Latency of a live room over loopback: `mixd demo`, whose two participants publish over ICE, DTLS and SRTP."""

import json
import pathlib
import tempfile

from . import latency, process
from .table import row

STAGES = ("jitter", "decode", "wait", "compose", "encode", "packetize", "output", "mix")


def measure(arguments):
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "stats.json"
        cost = process.run([
            arguments.mixd, "demo", "--duration", arguments.seconds, "--http", "127.0.0.1:0", "--media", "127.0.0.1:0",
            "--output", pathlib.Path(folder) / "program.flv", "--json", report])
        stats = json.loads(report.read_text())
    result = {"cpu": cost.cpu, "seconds": arguments.seconds, "stats": stats}
    return result, list(table_rows(stats))


def table_rows(stats):
    for stage in STAGES:
        if stats["latency"].get(stage, {}).get("count"):
            yield row(f"live room: {stage} p50 / p95 / p99", latency.spread(stats["latency"][stage]))
    yield row("live room: ticks missed", f"{stats['ticksMissed']} of {stats['framesComposed'] + stats['ticksMissed']}")
