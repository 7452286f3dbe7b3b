#!/usr/bin/env python3
"""Documents say what is there: links lead somewhere, docs/api.md names every route and error code, and no others."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
API = ROOT / "docs/api.md"
SERVER = ROOT / "Sources/SignalingServer"
SIGNALING = ROOT / "Sources/Signaling"

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)

ROOM = "/api/v1/rooms/{room}"
DOCUMENTED_ROUTE = re.compile(r"`(GET|POST|PUT|PATCH|DELETE|OPTIONS|WS) ((?:/|…/)[^`\s?]*)")
ENDPOINT = re.compile(r"\.(get|post|put|patch|delete|options), \"(/[^\"]+)\"")
PAGE = re.compile(r"\"(/[^\"]*)\": \"\w+\.html\"")
FILE_ROUTE = re.compile(r"router\.route\(\s*\"([^\"]+)\"")

CODE_AREAS = (
    "http|json|auth|origin|account|api-key|token|ban|session|user|room|layout|link|application|invitation|participant"
    "|output|recording|sdp|chat|command|media")
ERROR_CODE = re.compile(rf"\"((?:{CODE_AREAS})\.[a-z-]+)\"")
DOCUMENTED_CODE = re.compile(rf"`((?:{CODE_AREAS})\.[a-z-]+)`")
ERROR_FILES = (SERVER / "HTTP/APIError.swift", SIGNALING / "SignalingError.swift", *SERVER.rglob("*Errors.swift"))


def documents():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in filter(None, listed.split("\0")) if (ROOT / name).is_file()]


def anchors(text):
    """The names GitHub gives to headings."""
    titles = (title.replace("`", "").lower() for title in HEADING.findall(FENCE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", title).strip().replace(" ", "-") for title in titles}


def broken_links(path):
    text = path.read_text(encoding="utf-8")
    for target in LINK.findall(CODE.sub("", FENCE.sub("", text))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        if not linked.exists():
            yield f"{target} leads nowhere"
        elif not linked.is_relative_to(ROOT):
            yield f"{target} leads out of the repository"
        elif anchor and anchor not in anchors(linked.read_text(encoding="utf-8")):
            yield f"{target}: no such heading"


def served_routes():
    """(method, path) of every route in the sources; parts that vary are `*`."""
    for file in sorted((SERVER / "Routes").glob("*.swift")):
        source = file.read_text(encoding="utf-8")
        for path in PAGE.findall(source) + FILE_ROUTE.findall(source):
            yield "GET", normal(path)
        for method, path in ENDPOINT.findall(source):
            yield method.upper(), normal(path)


def documented_routes():
    for method, path in DOCUMENTED_ROUTE.findall(API.read_text(encoding="utf-8")):
        yield "GET" if method == "WS" else method, normal(path.replace("…", ROOM, 1))


def normal(path):
    return re.sub(r":\w+|\{\w+\}|\*+", "*", path)


def route_problems():
    served, documented = set(served_routes()), set(documented_routes())
    yield from (f"{method} {path} is served but not documented" for method, path in sorted(served - documented)
                if method != "OPTIONS")
    yield from (f"{method} {path} is documented but not served" for method, path in sorted(documented - served))


def code_problems():
    text = API.read_text(encoding="utf-8")
    documented = set(DOCUMENTED_CODE.findall(text.split("## Identity")[0]))
    raised = {code for file in ERROR_FILES for code in ERROR_CODE.findall(file.read_text(encoding="utf-8"))}
    known = {code for file in (ROOT / "Sources").rglob("*.swift")
             for code in ERROR_CODE.findall(file.read_text(encoding="utf-8"))}
    yield from (f"the error code {code} is not documented" for code in sorted(raised - documented))
    yield from (f"the error code {code} does not exist" for code in sorted(documented - known))


def main():
    files = documents()
    problems = [f"{path.relative_to(ROOT)}: {problem}" for path in files for problem in broken_links(path)]
    problems += [f"{API.relative_to(ROOT)}: {problem}" for problem in (*route_problems(), *code_problems())]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"check_docs: {len(files)} documents, {len(set(served_routes()))} routes, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
