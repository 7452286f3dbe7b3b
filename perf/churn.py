#!/usr/bin/env python3
"""A room in which somebody joins and leaves once a second: does the server miss ticks, or grow?"""

import argparse
import json
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from standstill import StandstillWatch

FOLDER = pathlib.Path(__file__).resolve().parent
GROWTH = 0.05
"""Of the resident memory, from the first settled minute to the last one."""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixd", type=pathlib.Path, default=FOLDER.parent / ".build/release/mixd")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", type=pathlib.Path, help="write all samples")
    return parser.parse_args()


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url):
    for _ in range(100):
        try:
            return urllib.request.urlopen(f"{url}/readyz", timeout=1).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    sys.exit("mixd does not become ready")


def sample(process):
    """What the process holds now."""
    folder = pathlib.Path(f"/proc/{process.pid}")
    fields = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return {
        "resident": int(fields["VmRSS"].split()[0]) << 10, "threads": int(fields["Threads"]),
        "descriptors": sum(1 for _ in (folder / "fd").iterdir()),
    }


def watch(server, load):
    samples = []
    while load.poll() is None:
        time.sleep(1)
        samples.append(sample(server))
    return samples


def verdict(samples, report, standstills):
    """Lines of figures, and whether all is as it should be. Each time a processor stood still may cost a tick."""
    window = max(5, min(60, len(samples) // 4))
    # The first window fills pools and caches.
    first, last = samples[window:2 * window], samples[-window - 5:-5]
    middle = lambda part, key: statistics.median(entry[key] for entry in part)
    stats = report["stats"]
    growth = middle(last, "resident") / middle(first, "resident") - 1
    checks = [
        ("joins", report["joins"], report["joins"] > 0 and not report["failures"]),
        ("ticks missed", stats["ticksMissed"], stats["ticksMissed"] == 0),
        ("processor stood still", standstills.text, True),
        ("frames composed", stats["framesComposed"], True),
        ("growth of memory", f"{growth:+.1%} of {middle(first, 'resident') / 2**20:.0f} MiB", growth <= GROWTH),
    ]
    for key in ("threads", "descriptors"):
        before, after = middle(first, key), middle(last, key)
        checks.append((key, f"{before:g} → {after:g}", after <= before + 2))
    lines = [f"{'ok  ' if fine else 'BAD '} {name:22} {value}" for name, value, fine in checks]
    return lines + report["failures"][:5], all(fine for _, _, fine in checks)


def main():
    arguments = parse_arguments()
    mixd = str(arguments.mixd.resolve())
    with tempfile.TemporaryDirectory() as folder:
        address = f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"
        server = subprocess.Popen([
            mixd, "serve", "--http", address, "--media", f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}", "--data", folder,
        ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_ready(f"http://{address}")
            results = pathlib.Path(folder) / "report.json"
            load = subprocess.Popen([
                mixd, "load", "--server", f"http://{address}", "--participants", "2", "--viewers", "1", "--churn",
                "--duration", str(max(20, round(arguments.minutes * 60))), "--json", str(results),
            ], stdout=subprocess.DEVNULL)
            with StandstillWatch() as standstills:
                samples = watch(server, load)
            if load.returncode:
                sys.exit(f"mixd load ended with {load.returncode}")
            report = json.loads(results.read_text())
        finally:
            server.send_signal(signal.SIGTERM)
            status = server.wait(30)
    lines, is_fine = verdict(samples, report, standstills)
    print("\n".join(lines))
    if arguments.json:
        arguments.json.write_text(json.dumps({"samples": samples, "report": report}, indent=1) + "\n")
    return 0 if is_fine and status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
