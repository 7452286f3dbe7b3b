#!/usr/bin/env python3
"""Writes the figures of the last run of the network tests into docs/resilience.md.

usage: write_table.py [FOLDER WITH THE RESULTS]
"""

from pathlib import Path
import re
import sys

from figures import Figure, Row

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/resilience.md"
BEGIN, END = "<!-- browsers -->", "<!-- /browsers -->"

SKEW = {
    "skew before, largest": "skew before, ms",
    "skew during, largest": "during",
    "skew after, largest": "from 5 s after",
}
DELAYS = {
    "sound delay before": "sound's delay before, ms",
    "sound delay normal after": "normal again after, s",
    "picture delay before": "picture's delay before, ms",
    "picture delay normal after": "normal again after, s",
}
SOUND = {
    "longest silence": "longest silence, ms",
    "concealed sound": "concealed sound, %",
}
PICTURES = {
    "frames decoded of those sent": "frames decoded, %",
    "pictures a second": "pictures a second",
    "longest freeze": "longest freeze, ms",
    "key frame requests": "key frame requests, /s",
}
TABLES = [
    ("Loss, jitter, duplicates", r"A[0-4]", SOUND | PICTURES | SKEW | DELAYS),
    ("Outages", r"A7", {
        "sound runs again after": "sound runs again after, s",
        "picture runs again after": "picture after, s",
        "new sessions": "new sessions",
    } | SKEW | DELAYS),
    ("Other addresses", r"A9", {
        "sound interrupted": "sound interrupted, s",
        "picture interrupted": "picture interrupted, s",
        "new sessions": "new sessions",
    } | SKEW | DELAYS),
    ("A narrow way", r"A5", {
        "sent before": "sent before, kb/s",
        "sender down to the cap after": "down to the cap after, s",
        "sent while narrow": "sent while narrow, kb/s",
        "70 % of the cap found again after": "70 % of the cap found after, s",
        "sent in the end": "sent in the end, kb/s",
        "smallest picture sent": "smallest picture, lines",
    } | SOUND | PICTURES),
]

EXPLANATION = """\
Measured by `make network`: mixd in one network namespace, {browser} as the host in another, between them
[Tests/Network/impair.py](../Tests/Network/impair.py). The browser's camera (640×360, 15 pictures a second) shows
numbers and its microphone hears a tone with a beep each second; the programme, pushed to an RTMP server, is decoded
and says which picture was seen and which beep was heard when. Delays are from what left the camera and the microphone
in the browser to the file of the RTMP server; skew is by how much the sound is later than the picture (negative: the picture
is later), of every second the one farthest from zero. The rest is from the browser's `getStats` and from
`GET …/stats`. The goal stands in parentheses; **bold**: missed. Load: cores busy of {cores}, and for the test itself.
"""


def table(rows: list[Row], columns: dict[str, str]) -> str:
    head = ["fault", *columns.values(), "load"]
    lines = [" | ".join(head), "|".join(["---", *["--:"] * len(columns), "--:"])]
    for row in rows:
        figures = {figure.name: figure for figure in row.figures}
        cells = [cell(figures.get(name)) for name in columns]
        lines.append(" | ".join([row.fault, *cells, f"{row.load['busy']:g}, {row.load['test']:g}"]))
    return "\n".join(f"| {line} |" for line in lines)


def cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    value = "never" if figure.value is None else f"{figure.value:g}"
    if not figure.is_met:
        value = f"**{value}**"
    return f"{value} ({figure.goal})" if figure.has_goal else value


def section(rows: list[Row], browser: str) -> str:
    parts = [BEGIN, "## With real browsers", EXPLANATION.format(browser=browser, cores=rows[0].load["cores"])]
    for title, names, columns in TABLES:
        chosen = [row for row in rows if re.match(names, row.name)]
        if chosen:
            parts += [f"### {title}", table(chosen, columns), ""]
    return "\n".join([*parts, END]) + "\n"


def in_order(row: Row) -> list[object]:
    """Rows with numbers in their names by those numbers."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", row.name)]


def main() -> None:
    results = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".build/network"
    rows = sorted((Row.load_from(path) for path in results.glob("*.json")), key=in_order)
    if not rows:
        sys.exit(f"no results in {results}: run the tests first")
    written = section(rows, rows[0].browser)
    document = DOCUMENT.read_text() if DOCUMENT.exists() else "# Resilience\n"
    if BEGIN in document:
        document = re.sub(f"{BEGIN}.*{END}\n", lambda _: written, document, flags=re.DOTALL)
    else:
        document = document.rstrip("\n") + "\n\n" + written
    DOCUMENT.write_text(document)
    print(f"{len(rows)} rows into {DOCUMENT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
