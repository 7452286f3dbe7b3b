"""The scale and blend kernels beside libyuv: perf/kernels, a Swift package of its own."""

import json
import pathlib
import subprocess
import sys
import tempfile

from .table import row

PACKAGE = pathlib.Path(__file__).resolve().parent.parent / "kernels"


def measure(_):
    print("building and running perf/kernels", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "kernels.json"
        subprocess.run(
            ["swift", "run", "-c", "release", "--quiet", "--package-path", PACKAGE, "kernels-bench", report],
            check=True, stdout=sys.stderr)
        result = json.loads(report.read_text())
    rows = [row(f"kernel: {one['name']}", f"{one['ours_us']:.1f} µs", "libyuv", f"{one['libyuv_us']:.1f} µs",
                one["ours_us"] / one["libyuv_us"]) for one in result["kernels"]]
    rows.append(row("kernel: compose 720p, host and one tile", f"{result['compose_us']:.1f} µs"))
    return result, rows
