"""The one table that is printed."""

HEADER = ("measured", "mixd", "beside it", "", "ratio")


def row(measured, mixd, other="", value="", ratio=None):
    """`ratio` is mixd's number divided by the other one; text is kept as it is."""
    shown = "" if ratio is None else ratio if isinstance(ratio, str) else f"{ratio:.2f} ×"
    return (measured, mixd, other, value, shown)


def markdown(rows):
    lines = ["| " + " | ".join(HEADER) + " |", "|---|--:|---|--:|--:|"]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines)
