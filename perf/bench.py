#!/usr/bin/env python3
"""mixd beside FFmpeg, GStreamer and the bare codecs. See perf/README.md for what every row means."""

import argparse
import json
import pathlib
import sys

from bench import kernels, live, machine, render
from bench.table import markdown

FOLDER = pathlib.Path(__file__).resolve().parent
PARTS = ("render", "live", "kernels")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixd", type=pathlib.Path, default=FOLDER.parent / ".build/release/mixd")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; may be repeated")
    parser.add_argument("--seconds", type=int, default=20, help="length of the clips and of the live room")
    parser.add_argument("--repeats", type=int, default=5, help="runs of every job; the least CPU time counts")
    parser.add_argument("--results", type=pathlib.Path, default=FOLDER / "results")
    arguments = parser.parse_args()
    arguments.mixd = arguments.mixd.resolve()
    arguments.parts = arguments.only or PARTS
    return arguments


def main():
    arguments = parse_arguments()
    problems = list(machine.problems(arguments.mixd))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 2
    arguments.results.mkdir(parents=True, exist_ok=True)
    results = {"machine": machine.description(FOLDER.parent)}
    rows = []
    for name, part in (("render", render), ("live", live), ("kernels", kernels)):
        if name in arguments.parts:
            results[name], part_rows = part.measure(arguments)
            rows += part_rows
    path = arguments.results / "latest.json"
    path.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")
    print(markdown(rows))
    print(f"\n{machine.summary(results['machine'])}\n{path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
