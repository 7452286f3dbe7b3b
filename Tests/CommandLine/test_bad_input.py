"""Inputs, outputs and options that cannot be used: one clear reason each, never a crash, never a false success."""

import json
import random

import pytest

from commands import check_refused, mixd


@pytest.fixture(scope="module")
def files(small_clips, tmp_path_factory):
    """Files that are not what they should be, beside one good clip."""
    directory = tmp_path_factory.mktemp("files")
    good = small_clips[0].path.read_bytes()
    contents = {
        "good.webm": good,
        "empty.webm": b"",
        "cut.webm": good[: len(good) // 2],
        "head.webm": good[:300],
        "noise.webm": random.Random(1).randbytes(100_000),
        "text.mp4": b"This is a text.\n" * 50,
        "damaged.webm": good[:2000] + random.Random(2).randbytes(len(good) - 2000),
        "broken.json": b'{"canvas": {"width": 1280,',
        "list.json": b"[1, 2, 3]",
        "untyped.json": json.dumps({"layers": [{"userId": "host", "x": "left"}]}).encode(),
        "unplaced.json": json.dumps({"layers": [{"userId": "host", "x": 0, "y": 0, "width": 99}]}).encode(),
        "portrait.json": json.dumps({"canvas": {"width": 720, "height": 1280}, "layers": []}).encode(),
        "huge.json": json.dumps(
            {"layers": [{"userId": "host", "x": 1 << 62, "y": 0, "width": 64, "height": 64, "zIndex": 0}]}).encode(),
    }
    for name, content in contents.items():
        (directory / name).write_bytes(content)
    (directory / "folder.mp4").mkdir()
    return directory


BAD_INPUTS = {
    "missing.webm": "no such file",
    "empty.webm": "not a media file",
    "cut.webm": "",
    "head.webm": "",
    "noise.webm": "not a media file",
    "text.mp4": "not a media file",
    "damaged.webm": "",
    "folder.mp4": "directory",
}


@pytest.mark.parametrize("role", ["--host", "--cohost"])
@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_input_that_cannot_be_read(files, tmp_path, name, role):
    others = ["--host", "good.webm"] if role == "--cohost" else []
    output = tmp_path / "program.mp4"
    done = mixd("render", *others, role, name, "--size", "320x180", "--output", output, directory=files)
    check_refused(done, name, BAD_INPUTS[name])
    assert not done.output, "claims a success"
    assert not output.exists() or "the output is incomplete" in done.errors


@pytest.mark.parametrize("output, reason", [
    ("missing/program.mp4", "No such file or directory"), ("program.avi", "no known container"),
    ("program", "no known container"), ("folder.mp4", "Is a directory"), ("", "destination"),
    ("rtmp://", "destination"), ("gopher://example.org/x", "gopher"),
])
def test_an_output_that_cannot_be_written(files, output, reason):
    done = mixd("render", "--host", "good.webm", "--size", "320x180", "--output", output, directory=files)
    named = output if output in ("missing/program.mp4", "program.avi", "program", "folder.mp4") else "--output"
    check_refused(done, named, *([reason] if reason != "no known container" else ["container"]))


@pytest.mark.parametrize("option, value", [
    ("--layout", "circle"), ("--layout", ""), ("--size", "641x360"), ("--size", "640x359"), ("--size", "8x8"),
    ("--size", "99999x99999"), ("--size", "big"), ("--size", "640"), ("--size", "-640x-360"), ("--fps", "0"),
    ("--fps", "61"), ("--fps", "fast"), ("--fps", "99999999999999999999"), ("--video-bitrate", "1"),
    ("--video-bitrate", "1T"), ("--video-bitrate", "nan"), ("--video-bitrate", "1e300M"), ("--video-bitrate", ""),
    ("--preset", "magic"),
    ("--scene", "missing.json"), ("--scene", "broken.json"), ("--scene", "list.json"), ("--scene", "untyped.json"),
    ("--scene", "unplaced.json"), ("--scene", "portrait.json"), ("--scene", "huge.json"), ("--scene", "folder.mp4"),
    ("--scene", "noise.webm"),
])
def test_an_option_out_of_range(files, tmp_path, option, value):
    output = tmp_path / "program.mp4"
    done = mixd("render", "--host", "good.webm", f"{option}={value}", "--output", output, directory=files)
    check_refused(done, option, value)
    assert not output.exists()


def test_more_inputs_than_a_stage_has_places(files, tmp_path):
    many = ["--cohost", "good.webm"] * 16
    done = mixd("render", "--host", "good.webm", *many, "--output", tmp_path / "program.mp4", directory=files)
    check_refused(done, "--cohost", "15")


def test_a_refused_rendering_leaves_an_older_file_alone(files, tmp_path):
    output = tmp_path / "program.mp4"
    output.write_bytes(b"older")
    check_refused(mixd("render", "--host", "missing.webm", "--output", output, directory=files), "missing.webm")
    assert output.read_bytes() == b"older"


def test_a_trace_that_cannot_be_written(files, tmp_path):
    done = mixd(
        "render", "--host", "good.webm", "--size", "320x180", "--trace", "missing/trace.json",
        "--output", tmp_path / "program.mp4", directory=files)
    check_refused(done, "missing/trace.json")


@pytest.mark.parametrize("arguments, mentioned", [
    (["bogus"], "bogus"), (["render"], "--host"), (["render", "--host"], "--host"),
    (["demo", "--duration", "0"], "--duration"), (["demo", "--duration", "soon"], "--duration"),
    (["demo", "--http", "nonsense"], "--http"),
    (["serve", "--http", "127.0.0.1:99999"], "--http"), (["serve", "--media", "nonsense"], "--media"),
])
def test_a_command_line_that_makes_no_sense(arguments, mentioned, tmp_path):
    check_refused(mixd(*arguments, directory=tmp_path, timeout=20), mentioned)
