"""Running a command and counting what it costs."""

import dataclasses
import os
import subprocess
import sys
import tempfile
import time


@dataclasses.dataclass
class Cost:
    cpu: float
    wall: float
    megabytes: float


class CommandFailed(Exception):
    pass


def run(command):
    """CPU time (user + system, of all threads) of one process, by wait4."""
    with tempfile.TemporaryFile() as log:
        started = time.monotonic()
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            log.seek(0)
            tail = log.read().decode(errors="replace")[-2000:]
            raise CommandFailed(f"{' '.join(map(str, command))}\nexit status {child.returncode}\n{tail}")
    return Cost(cpu=usage.ru_utime + usage.ru_stime, wall=wall, megabytes=usage.ru_maxrss / 1024)


def best_of(repeats, jobs):
    """Runs all jobs in turn, `repeats` times over, so that a change of the machine's speed meets all of them.

    `jobs`: name -> list of commands, whose costs are added up. Returns name -> the run with the least CPU time, and
    name -> all CPU times.
    """
    runs = {name: [] for name in jobs}
    for turn in range(repeats):
        for name, commands in jobs.items():
            print(f"\r\033[K{turn + 1}/{repeats} {name}", end="", file=sys.stderr, flush=True)
            runs[name].append([run(command) for command in commands])
    print("\r\033[K", end="", file=sys.stderr)
    best = {name: [min(step, key=lambda cost: cost.cpu) for step in zip(*turns)] for name, turns in runs.items()}
    samples = {name: [round(sum(cost.cpu for cost in turn), 3) for turn in turns] for name, turns in runs.items()}
    return best, samples
