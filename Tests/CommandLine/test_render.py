"""`mixd render` against a composition of the same inputs by FFmpeg, and in every arrangement and container."""

import json

import numpy as np
import pytest

from clips import H264_AAC, OPUS, VP8, make_plain_clip
from commands import render
from measure import (
    beep_starts, check_steady, check_together, flash_starts, frame_times, likeness, sound, streams)
from recording import Recording
from signal_checks import check_colour, check_tones

TILE = (944, 524, 320, 180)
AREAS = {"left of the tile": (0, 0, 944, 720), "above the tile": (944, 0, 336, 524), "tile": TILE}
REFERENCE = "[in2]scale=320:180:flags=area[small];[in1][small]overlay=944:524[ref]"

COLOURS = [(180, 80, 110), (90, 170, 90), (120, 100, 190), (60, 120, 150)]
TONES = [440, 660, 880, 1320]
BLACK = (16, 128, 128)
PLACEHOLDER = (38, 132, 126)


@pytest.fixture(scope="module")
def programs(clips, tmp_path_factory):
    """The two clips mixed at a high and at the usual bit rate."""
    directory = tmp_path_factory.mktemp("programs")
    host, cohost = clips
    files = {rate: directory / f"{rate}.mp4" for rate in ("8M", "2500k")}
    for rate, file in files.items():
        render(file, host.path, cohost.path, video_bitrate=rate)
    return files


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Four people in one colour each, each in another container; the last one has sound only."""
    directory = tmp_path_factory.mktemp("plain")
    kinds = [("mp4", H264_AAC), ("mkv", [*VP8, *OPUS]), ("ivf", [*VP8, "-an"]), ("ogg", ["-vn", *OPUS])]
    return [make_plain_clip(directory / f"{index}.{kind}", COLOURS[index], TONES[index], codecs)
            for index, (kind, codecs) in enumerate(kinds)]


@pytest.mark.parametrize("rate", ["8M", "2500k"])
def test_matches_a_composition_by_ffmpeg(programs, clips, rate, tmp_path, note):
    seen = likeness(programs[rate], [clip.path for clip in clips], REFERENCE, AREAS, tmp_path)
    note(f"SSIM at {rate}: " + ", ".join(f"{name} {value}" for name, value in seen.items()))
    for name, value in seen.items():
        wanted = 0.93 if name == "tile" else 0.97
        assert value.mean >= wanted, f"{name}: {value}"
        # One picture too early or too late would hide in the mean.
        assert rate != "8M" or value.worst >= wanted - 0.03, f"{name}: {value}"


def test_the_likeness_notices_a_picture_too_late(programs, clips, tmp_path):
    late = "[in2]scale=320:180:flags=area[small];[in1][small]overlay=944:524,tpad=start=1:start_mode=clone[ref]"
    seen = likeness(programs["8M"], [clip.path for clip in clips], late, AREAS, tmp_path)
    assert seen["left of the tile"].mean < 0.95, seen


def test_holds_every_picture_and_both_tracks(programs, clips):
    file = programs["2500k"]
    check_steady(file, clips[0].frames)
    tracks = streams(file)
    video, audio = tracks["video"], tracks["audio"]
    assert (video["codec_name"], video["width"], video["height"], video["profile"]) == ("h264", 1280, 720, "High")
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)
    assert abs(float(video["duration"]) - 4) < 0.002
    assert abs(float(audio["duration"]) - 4) < 0.05


def test_sound_stays_with_the_pictures(programs, clips, note):
    file = programs["2500k"]
    samples = sound(file)
    for name, clip, centre in zip(("host", "co-host"), clips, [(128, 128), (1104, 614)]):
        late = check_together(flash_starts(file, centre), beep_starts(samples, clip.beep), clip.flash_times)
        note(f"sound of the {name} after its flashes: {late} ms")
    check_tones(samples, present=[440, 660], absent=[1000, 550])


def test_two_runs_give_the_same_bytes(programs, clips, small_clips, tmp_path):
    again = tmp_path / "again.mp4"
    render(again, clips[0].path, clips[1].path, video_bitrate="2500k")
    assert again.read_bytes() == programs["2500k"].read_bytes()
    runs = [tmp_path / "first.webm", tmp_path / "second.webm"]
    for run in runs:
        render(run, *(clip.path for clip in small_clips), size="320x180")
    assert runs[0].read_bytes() == runs[1].read_bytes()


@pytest.mark.parametrize("container, codecs", [
    ("mp4", ("h264", "aac")), ("flv", ("h264", "aac")), ("mkv", ("h264", "aac")), ("ts", ("h264", "aac")),
    ("webm", ("vp8", "opus")),
])
def test_fills_every_container(container, codecs, small_clips, tmp_path, note):
    file = tmp_path / f"program.{container}"
    done = render(file, *(clip.path for clip in small_clips), size="320x180")
    assert f"{file}: 45 frames, 1.5 s" in done.output
    tracks = streams(file)
    assert (tracks["video"]["codec_name"], tracks["audio"]["codec_name"]) == codecs
    check_steady(file, 45)
    start = frame_times(file)[0]
    samples = sound(file)
    late = []
    for clip, centre in zip(small_clips, [(40, 40), (264, 142)]):
        expected = [start + time for time in clip.flash_times]
        late += check_together(flash_starts(file, centre), beep_starts(samples, clip.beep), expected)
    note(f"sound after the flashes in {container}: {late} ms")


LAYOUTS = {
    "grid": [(0, 0, 640, 360), (640, 0, 640, 360), (0, 360, 640, 360), (640, 360, 640, 360)],
    "side-by-side": [(0, 0, 320, 720), (320, 0, 320, 720), (640, 0, 320, 720), (960, 0, 320, 720)],
    "pip": [(0, 0, 1280, 524), (944, 524, 320, 180), (944, 328, 320, 180), (944, 132, 320, 180)],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_places_four_people(layout, plain, tmp_path):
    file = tmp_path / "program.mp4"
    render(file, *plain, layout=layout)
    check_steady(file, 30)
    areas = LAYOUTS[layout]
    for picture in Recording(file).pictures(0.2, 1):
        for number, area in enumerate(areas):
            if layout == "pip" and number == 0:
                area = (0, 0, 944, 720)
            if number == 3:
                # Somebody without a picture: a figure in the middle, its ground to the sides.
                area = (area[0], area[1], area[2] if area[2] < area[3] else 64, area[3] if area[2] >= area[3] else 128)
            check_colour(picture, area, (COLOURS[:3] + [PLACEHOLDER])[number], f"{layout}, person {number}")
    check_tones(sound(file), present=[440, 660, 1320], absent=[880])


def test_draws_a_scene_from_a_file(plain, tmp_path):
    layers = [
        {"userId": "host", "x": 100, "y": 60, "width": 640, "height": 360, "zIndex": 0},
        {"userId": "cohost-1", "x": 420, "y": 240, "width": 640, "height": 360, "zIndex": 1},
    ]
    scene = tmp_path / "scene.json"
    scene.write_text(json.dumps({"canvas": {"width": 1280, "height": 720}, "layers": layers}))
    file = tmp_path / "program.mp4"
    render(file, *plain[:2], scene=scene)
    picture = Recording(file).pictures(0.4, 0.8)[0]
    check_colour(picture, (100, 60, 640, 180), COLOURS[0], "host above the co-host")
    check_colour(picture, (100, 240, 320, 180), COLOURS[0], "host left of the co-host")
    check_colour(picture, (420, 240, 640, 360), COLOURS[1], "co-host on top")
    for edge in [(0, 0, 1280, 60), (0, 600, 1280, 120), (0, 60, 100, 540), (1060, 60, 220, 540)]:
        check_colour(picture, edge, BLACK, "ground")


def test_keeps_to_the_asked_frame_rate_and_size(plain, tmp_path):
    file = tmp_path / "program.mp4"
    render(file, plain[0], size="360x640", fps=50)
    check_steady(file, 50, rate=50)
    video = streams(file)["video"]
    assert (video["width"], video["height"]) == (360, 640)


def test_writes_a_trace(small_clips, tmp_path):
    trace = tmp_path / "trace.json"
    render(tmp_path / "program.mp4", *(clip.path for clip in small_clips), size="320x180", trace=trace)
    events = [event for event in json.loads(trace.read_text())["traceEvents"] if event["ph"] == "X"]
    assert {"decode", "compose", "encode"} <= {event["name"] for event in events}
    assert all(event["dur"] >= 0 and event["ts"] >= 0 for event in events)
    assert sum(event["name"] == "encode" for event in events) == 45


def test_realtime_takes_real_time(small_clips, tmp_path):
    done = render(tmp_path / "program.flv", small_clips[0].path, size="320x180", realtime=True)
    assert 1.4 < done.seconds < 5
    fast = render(tmp_path / "fast.flv", small_clips[0].path, size="320x180")
    assert fast.seconds < done.seconds
    assert np.array_equal(frame_times(tmp_path / "program.flv"), frame_times(tmp_path / "fast.flv"))
