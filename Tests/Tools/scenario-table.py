#!/usr/bin/env python3
"""Runs the scenarios and writes their figures into docs/resilience.md.

usage: scenario-table.py [OUTPUT OF AN EARLIER RUN WITH MIXD_SCENARIO_TABLE SET]
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/resilience.md"
COMMAND = "swift test -c release -Xswiftc -enable-testing --filter ScenarioTests"
# What a line of the tests begins with, and the head of the table it belongs to.
TABLES = {
    "scenarios": ("|scenario| ", "| Row | What happens | Goal | Measured |\n|---|---|---|---|\n"),
    "concealment": ("|opus| ", "| Lost | mixd conceals | Opus alone conceals |\n|---|---|---|\n"),
}


def output():
    if len(sys.argv) > 1:
        return Path(sys.argv[1]).read_text()
    run = subprocess.run(
        COMMAND.split(), cwd=ROOT, env=os.environ | {"MIXD_SCENARIO_TABLE": "1"}, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    return run.stdout


def order(line):
    """A before B, numbers by value, rows without a number last."""
    numbers = [int(number) for number in re.findall(r"\d+", line)]
    row = re.match(r"\| ([AB])(\d+)", line)
    if row:
        return row[1], int(row[2]), numbers[1:], line
    return "C", 0, [] if line.startswith("| –") else numbers, line


def main():
    lines = output().splitlines()
    text = DOCUMENT.read_text()
    for name, (mark, head) in TABLES.items():
        rows = sorted(("| " + line.removeprefix(mark) for line in lines if line.startswith(mark)), key=order)
        if not rows:
            sys.exit(f"no line begins with {mark}")
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        table = f"{begin}\n{head}" + "\n".join(rows) + f"\n{end}"
        text = re.sub(f"{begin}.*?{end}", lambda _: table, text, flags=re.DOTALL)
    DOCUMENT.write_text(text)


main()
