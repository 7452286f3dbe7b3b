#!/usr/bin/env python3
"""Thousands of people in one chat beside a live room: how old is a message when it arrives, and does the mixer notice?"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from bench import server

FOLDER = pathlib.Path(__file__).resolve().parent
DELIVERY = 150
"""Milliseconds within which 99 of 100 messages have to arrive."""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixd", type=pathlib.Path, default=FOLDER.parent / ".build/release/mixd")
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=40, help="messages a second")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--no-room", action="store_true", help="without a live room")
    parser.add_argument("--json", type=pathlib.Path, help="write both reports")
    return parser.parse_args()


def crowd(mixd, url, folder, arguments, pid):
    """The crowd's report, with a live room while it talks."""
    results = folder / "crowd.json"
    talk = subprocess.Popen([
        mixd, "load-chat", "--server", url, "--sockets", str(arguments.sockets), "--rate", str(arguments.rate),
        "--duration", str(arguments.seconds), "--json", str(results),
    ], stdout=subprocess.PIPE)
    talk.stdout.readline()
    before, began = server.cpu_time(pid), time.monotonic()
    live = None if arguments.no_room else room(mixd, url, folder, arguments.seconds)
    if talk.wait():
        sys.exit(f"mixd load-chat ended with {talk.returncode}")
    report = json.loads(results.read_text())
    report["serverCores"] = (server.cpu_time(pid) - before) / (time.monotonic() - began)
    if live:
        live.wait()
        report["room"] = json.loads((folder / "room.json").read_text())["stats"]
    return report


def room(mixd, url, folder, seconds):
    return subprocess.Popen([
        mixd, "load", "--server", url, "--participants", "2", "--viewers", "1", "--adapt",
        "--duration", str(max(5, seconds - 5)), "--json", str(folder / "room.json"),
    ], stdout=subprocess.DEVNULL)


def verdict(report):
    delivery, acknowledged = report["delivery"], report["acknowledgement"]
    checks = [
        ("sockets", f"{report['sockets']}, {report['lost']} lost", report["lost"] == 0),
        ("messages", f"{report['sent']} sent, {report['refused']} refused", report["refused"] <= report["sent"] // 20),
        ("deliveries", f"{delivery['count']}, {report['missing']} missing", report["missing"] == 0),
        ("delivery p50 / p99 / max", spread(delivery), delivery["p99"] <= DELIVERY),
        ("kept p50 / p99 / max", spread(acknowledged), True),
        ("deaf sockets dropped", report["slowSockets"], report["slowSockets"] != 0),
        ("server", f"{report['serverCores']:.2f} cores", True),
    ]
    if "room" in report:
        missed = report["room"]["ticksMissed"]
        checks.append(("ticks missed", f"{missed} of {report['room']['framesComposed'] + missed}", missed == 0))
    lines = [f"{'ok  ' if fine else 'BAD '} {name:26} {value}" for name, value, fine in checks]
    return lines, all(fine for _, _, fine in checks)


def spread(times):
    return f"{times['p50']:.1f} / {times['p99']:.1f} / {times['max']:.1f} ms"


def main():
    arguments = parse_arguments()
    mixd = str(arguments.mixd.resolve())
    with server.serve(mixd) as (process, url), tempfile.TemporaryDirectory() as folder:
        report = crowd(mixd, url, pathlib.Path(folder), arguments, process.pid)
    lines, is_fine = verdict(report)
    print("\n".join(lines))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
