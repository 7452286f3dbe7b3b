#!/usr/bin/env python3
"""How speech sounds after packet loss: mixd's playout buffer beside libopus alone, by PESQ (ITU-T P.862.2, wide band).

Needs espeak-ng, sox and the packages of requirements.txt. Prints one Markdown table per way of recovery.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
from pesq import pesq
from scipy.signal import correlate, resample_poly

HERE = pathlib.Path(__file__).resolve().parent
RATE = 48_000
# Harvard sentences (IEEE 1969), lists 1 and 2.
TEXT = """The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It is easy to tell the
depth of a well. These days a chicken leg is a rare dish. Rice is often served in round bowls. The juice of lemons makes
fine punch. The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage. Four hours of steady
work faced us. A large size in stockings is hard to sell. The boy was there when the sun rose. A rod is used to catch pink
salmon. The source of the huge river is the clear spring. Kick the ball straight and follow through."""
VOICES = ("en-us+m3", "en-gb+f2")
WAYS = {
    "in-band FEC": {},
    "in-band FEC, retransmission at 60 ms round trip": {"retransmission": 60},
    "in-band FEC, one redundant copy (RED)": {"redundancy": 1},
    "in-band FEC, retransmission at 60 ms round trip and RED": {"retransmission": 60, "redundancy": 1},
}
# PESQ is meant for pieces of about eight seconds; the first ones are left to the delay to find its place.
PIECE, FIRST = 8, 10
# PESQ finds delays itself, but not which words a piece begins with.
LONGEST_DELAY = RATE // 2
# The drops allowed, by loss.
BARS = {0.05: -0.3, 0.1: -0.8, 0.2: -1.5}


def speak(voice, folder):
    wave, raw = folder / f"{voice}.wav", folder / f"{voice}.raw"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", wave, " ".join(TEXT.split())], check=True)
    subprocess.run(["sox", wave, "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", raw, "gain", "-6"],
                   check=True)
    return raw


def load(path):
    return numpy.fromfile(path, dtype="<i2").astype(numpy.float64) / 32_768


def score(reference, heard):
    scores = []
    length = PIECE * RATE
    for start in range(FIRST * RATE, min(len(reference), len(heard)) - length - LONGEST_DELAY, length):
        piece = reference[start:start + length]
        candidates = heard[start:start + length + LONGEST_DELAY]
        delay = int(correlate(candidates, piece, "valid", "fft").argmax())
        pair = [resample_poly(one, 1, 3).astype(numpy.float32) for one in (piece, candidates[delay:delay + length])]
        scores.append(pesq(RATE // 3, *pair, "wb"))
    return float(numpy.mean(scores))


def trial(bench, source, settings):
    with tempfile.TemporaryDirectory() as folder:
        words = [f"{name}={value}" for name, value in settings.items()]
        output = subprocess.run([bench, source, folder, *words], check=True, capture_output=True, text=True).stdout
        reference = load(source)
        scores = {name: score(reference, load(f"{folder}/{name}.raw")) for name in ("clean", "libopus", "mixd")}
        return scores | json.loads(output)


def measure(bench, sources, loss, way, seeds):
    trials = [trial(bench, source, {"loss": loss, "seed": seed, **way}) for source in sources for seed in range(seeds)]
    return {name: float(numpy.mean([one[name] for one in trials])) for name in trials[0]}


def row(loss, mean):
    drop = mean["mixd"] - mean["clean"]
    bar = BARS.get(loss)
    verdict = "" if bar is None else f"{bar:+.1f}"
    return (f"| {loss:.0%} | {mean['clean']:.2f} | {mean['libopus']:.2f} | {mean['mixd']:.2f} | "
            f"{mean['libopus'] - mean['clean']:+.2f} | {drop:+.2f} | {verdict} | {mean['concealedByLibopus']:.2%} | "
            f"{mean['concealed']:.2%} | {mean['meanDelay']:.0f} ms |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--losses", type=float, nargs="+", default=[0, 0.02, 0.05, 0.1, 0.2, 0.3])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--bench", help="the built audio-bench; without it, it is built")
    options = parser.parse_args()
    build = ["swift", "build", "-c", "release", "--package-path", str(HERE)]
    if not options.bench:
        subprocess.run(build, check=True, stdout=sys.stderr)
        folder = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
        options.bench = f"{folder}/audio-bench"
    with tempfile.TemporaryDirectory() as folder:
        sources = [speak(voice, pathlib.Path(folder)) for voice in VOICES]
        for name, way in WAYS.items():
            print(f"\n### {name}\n\n| loss | no loss | libopus | mixd | libopus drop | mixd drop | bar | "
                  "libopus concealed | mixd concealed | delay |\n|---|---|---|---|---|---|---|---|---|---|")
            for loss in options.losses:
                print(row(loss, measure(options.bench, sources, loss, way, options.seeds)), flush=True)


if __name__ == "__main__":
    main()
