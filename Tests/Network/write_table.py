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
    "skew before, median": "skew before, median, ms",
    "skew before, largest": "… largest",
    "skew before, p99": "… 99th percentile of the amounts",
    "skew during, median": "skew during, median, ms",
    "skew during, largest": "… largest",
    "skew during, p99": "… 99th percentile of the amounts",
    "skew after, median": "skew from 5 s after, median, ms",
    "skew after, largest": "… largest",
    "skew after, p99": "… 99th percentile of the amounts",
}
DELAYS = {
    "pictures held back by the browser until": "pictures held back by the browser until, s after",
    "sound delay before": "delay of the sound before, ms",
    "sound delay normal after": "… normal again after, s",
    "picture delay before": "delay of the picture before, ms",
    "picture delay normal after": "… normal again after, s",
}
IN_SERVER = {
    "held back by the browser at most": "pictures held back by the browser at most, ms",
    "delay of the sound in the server": "delay of the sound in the server, ms",
    "delay of the sound in the server before": "… before",
    "delay of the sound in the server in the end": "… in the end",
}
SOUND = {
    "longest silence": "longest silence, ms",
    "concealed sound": "concealed sound, %",
}
PICTURES = {
    "frames decoded of those sent": "frames decoded of those sent, %",
    "pictures a second": "pictures shown a second",
    "longest freeze": "longest freeze, ms",
    "key frame requests": "key frame requests a second",
}
TABLES = [
    ("Loss, jitter, duplicates", r"A[0-4]", SOUND | PICTURES | SKEW | DELAYS | IN_SERVER),
    ("Outages", r"A7", {
        "sound runs again after": "sound runs again after, s",
        "picture runs again after": "picture runs again after, s",
        "new sessions": "new sessions",
    } | SKEW | DELAYS),
    ("Other addresses", r"A9", {
        "sound interrupted": "sound interrupted, s",
        "picture interrupted": "picture interrupted, s",
        "new sessions": "new sessions",
        "frames decoded of those sent": "frames decoded of those sent, %",
    } | SKEW | DELAYS),
    ("A narrow way", r"A5", {
        "sent before": "sent before, kb/s",
        "sender down to the cap after": "down to the cap after, s",
        "sent while narrow": "sent while narrow, kb/s",
        "70 % of the cap found again after": "70 % of the cap found after, s",
        "sent in the end": "sent in the end, kb/s",
        "smallest picture sent": "smallest picture, lines",
    } | SOUND | PICTURES | SKEW | {"skew after, median": "skew from 20 s after, median, ms"}),
    ("What is received", r"D", {
        "received before": "received before, kb/s",
        "received while narrow": "received while narrow, kb/s",
    } | SOUND | {
        "concealed sound after 2 s": "… from 2 s on",
        "pictures a second": "pictures shown a second",
        "pictures decoded a second": "pictures decoded a second",
        "longest freeze": "longest freeze, ms",
        "key frame requests": "key frame requests a second",
        "pictures whole again after": "pictures whole again after, s",
        "sound runs again after": "sound runs again after, s",
        "picture runs again after": "picture runs again after, s",
        "sound delay normal after": "delay of the sound normal again after, s",
        "picture delay normal after": "delay of the picture normal again after, s",
        "new sessions": "new sessions",
    }),
]

EXPLANATION = """\
Measured by `make network`: mixd in one network namespace, {browser} as the host in another, between them
[Tests/Network/impair.py](../Tests/Network/impair.py). The browser's camera (640×360, 15 pictures a second) shows
numbers and its microphone hears a tone with a beep each second; the programme, pushed to an RTMP server, is decoded
and says which picture was seen and which beep was heard when. Delays are from what left the camera and the microphone
in the browser to the file of the RTMP server; skew is by how much the sound is later than the picture (negative: the
picture is later), taken each second and known to about 20 ms; the 99th percentile of so few is nearly the largest. The
rest is from the browser's `getStats` and from `GET …/stats`. The goal stands in parentheses; **bold**: missed; that of
the skew, 40 ms, is widened by those 20 ms.
Where losses or jitter bring the browser's rate down its pictures wait in its own queue: those in which that is longer
than 20 ms on average are not counted against the five seconds after which delays are to be normal: no more than 100 ms,
of pictures two of the camera's steps, above those before.
What is received is measured with a browser that watches, or is on stage, on the bad network, and a host beside mixd who
loses nothing. The viewer's programme has pictures of 640×360, 15 a second, at 600 kb/s; on stage the host is a browser,
whose packets are forwarded, and the goals are the same. Pictures count as the page shows them, silence is of the sound it
plays, and the rest is what the browser says of its receiving; *whole* are 13 pictures a second. Of the sound's delay only
what the browser adds is known.
The last line says how many of {cores} cores were busy, and how many of those with the test: the rest was taken by other
work on the same machine, which delays the browser as well as mixd and makes the figures worse.
"""


def table(rows: list[Row], names: dict[str, str]) -> str:
    """A column for each fault, a line for each figure."""
    figures = [{figure.name: figure for figure in row.figures} for row in rows]
    lines = [["", *(row.fault for row in rows)], ["---", *["--:"] * len(rows)]]
    for name, shown in names.items():
        if any(name in column for column in figures):
            lines.append([shown, *(cell(column.get(name)) for column in figures)])
    lines.append(["cores busy, with the test", *(f"{row.load['busy']:g}, {row.load['test']:g}" for row in rows)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


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
