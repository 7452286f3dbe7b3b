#!/usr/bin/env python3
"""Rules of this repository that neither the compiler nor swift-format knows."""

import pathlib
import re
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The module diagram of ARCHITECTURE.md as a check: what each module may import.
C_LIBRARIES = {"CKernels", "CVPX", "CX264", "COpus", "CAVCodec"}
ALLOWED_IMPORTS = {
    "MixCore": {"Glibc", "Synchronization"} | C_LIBRARIES,
    "Transport": {"Glibc", "Synchronization", "MixCore", "COpenSSL", "CSRTP"},
    "Outputs": {"Glibc", "Synchronization", "MixCore", "CAVFormat", "CAVCodec", "CLinux"},
    "MediaControl": set(),
    "MediaWorker": {"Glibc", "Synchronization", "CLinux", "MediaControl", "MixCore", "Outputs", "Transport"},
    "SyntheticClient": {"Glibc", "Synchronization", "CLinux", "MixCore", "Transport"},
    "Signaling": set(),
}
MAY_IMPORT_FOUNDATION = {"SignalingServer", "OfflineRender", "mixd"}
FOUNDATION = {"Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "Dispatch"}
# Pure values: time, randomness and input are arguments.
PURE_MODULES = ("MixCore", "Transport", "Signaling", "MediaControl")
IMPURE = re.compile(
    r"\b(clock_gettime|gettimeofday|clock_nanosleep|nanosleep|usleep|ContinuousClock|SuspendingClock|pthread_\w+"
    r"|Task\s*[.{]|DispatchQueue|print\(|puts\(|printf\(|socket\(|recvfrom\(|sendto\(|fopen\()")
BANNED = re.compile(r"\btry!|\bfatalError\(|\bas!|-Ounchecked")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
NEEDS_REASON = re.compile(r"@unchecked Sendable|nonisolated\(unsafe\)")
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |internal |package |fileprivate |private )?"
    r"import\s+(?:(?:struct|class|enum|func|protocol|var|let|typealias)\s+)?(\w+)")
MAXIMUM_LINES = 500
TEXT_SUFFIXES = {
    ".swift", ".h", ".c", ".modulemap", ".py", ".sh", ".md", ".html", ".css", ".js", ".json", ".svg", ".txt", ".toml",
    ".yml", ".yaml", ".conf", ".sdp", ".cfg", ".ini",
}
TEXT_NAMES = {"Makefile", ".gitignore", ".swift-format", "LICENSE", "run"}
# Invisible, and able to make code read differently from what it does.
INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u180e\u2000-\u200f"
                       "\u2028-\u202f\u205f-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and (path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES):
            yield pathlib.PurePosixPath(name), path


def check_text(name, text):
    """White space, line ends, invisible characters and unfinished work."""
    if not text:
        return
    if not text.endswith("\n"):
        yield 1, "no line end at the end of the file"
    if text.endswith("\n\n"):
        yield text.count("\n"), "empty lines at the end of the file"
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            yield number, "white space at the end of the line"
        if "\t" in line and name.name != "Makefile":
            yield number, "tab"
        if name.parts[0] == "Sources" and UNFINISHED.search(line):
            yield number, f"unfinished: {UNFINISHED.search(line).group()}"
        found = INVISIBLE.search(line)
        if found:
            character = found.group()
            yield number, f"invisible U+{ord(character):04X} {unicodedata.name(character, 'control character')}"


def without_comment(line):
    return line.split("//")[0]


def check_swift(name, lines):
    """Module borders, forbidden constructs and unexplained promises to the compiler."""
    module = name.parts[1] if name.parts[0] == "Sources" and len(name.parts) > 2 else None
    if len(lines) > MAXIMUM_LINES:
        yield len(lines), f"more than {MAXIMUM_LINES} lines"
    for number, line in enumerate(lines, 1):
        imported = IMPORT.match(line)
        if module and imported:
            yield from ((number, problem) for problem in import_problems(module, imported.group(1)))
        code = without_comment(line)
        if module in PURE_MODULES and IMPURE.search(code):
            yield number, f"{module} may not use clocks, threads, sockets or output: {IMPURE.search(code).group()}"
        if module and BANNED.search(line):
            yield number, f"not wanted here: {BANNED.search(line).group()}"
        if module and NEEDS_REASON.search(code) and not has_reason(lines, number - 1):
            yield number, f"{NEEDS_REASON.search(code).group()} without its reason in a comment on the next line"


def import_problems(module, imported):
    if imported in FOUNDATION:
        if module not in MAY_IMPORT_FOUNDATION:
            yield f"{module} may not import {imported}"
    elif module in ALLOWED_IMPORTS and imported not in ALLOWED_IMPORTS[module]:
        yield f"{module} may not import {imported}"


def has_reason(lines, index):
    """The comment stands below the declaration's opening line (which may be wrapped) or directly above it."""
    if index > 0 and lines[index - 1].lstrip().startswith("//"):
        return True
    return any("//" in line for line in lines[index:index + 3])


def main():
    problems = []
    promises = 0
    count = 0
    for name, path in tracked_files():
        count += 1
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            problems.append((name, 1, "not UTF-8"))
            continue
        problems += [(name, *problem) for problem in check_text(name, text)]
        if name.suffix == ".swift":
            lines = text.removesuffix("\n").split("\n")
            promises += sum(bool(NEEDS_REASON.search(without_comment(line))) for line in lines)
            problems += [(name, *problem) for problem in check_swift(name, lines)]
    for name, number, text in problems:
        print(f"{name}:{number}: {text}")
    print(f"check_sources: {count} files, {promises} explained promises (@unchecked Sendable, nonisolated(unsafe)), "
          f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
