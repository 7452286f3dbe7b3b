"""`mixd demo`: two synthetic people over real ICE, DTLS and SRTP, from start to end."""

import json
from pathlib import Path
import re
import signal
import socket

import numpy as np
import pytest
import requests

from commands import check_refused, mixd
from measure import frame_times, sound, streams
from recording import Picture, Recording
from signal_checks import check_tones

ANY_PORTS = ["--http", "127.0.0.1:0", "--media", "127.0.0.1:0"]
HOST_COLOUR, GUEST_COLOUR = (72, 176, 104), (96, 104, 190)
TILE = (944, 524, 320, 180)
STAGES = ["jitter", "decode", "wait", "compose", "encode", "output", "mix"]


def check_program(path: Path, seconds: float) -> None:
    """Plays: the right tracks for the right time, the host on the canvas, the guest in the tile, both heard."""
    tracks = streams(path)
    video, audio = tracks["video"], tracks["audio"]
    assert (video["codec_name"], video["width"], video["height"]) == ("h264", 1280, 720)
    assert audio["codec_name"] == "aac"
    times = frame_times(path)
    assert abs(times[-1] - times[0] - seconds) < 1.2, f"{times[-1] - times[0]:.2f} s"
    assert np.diff(times).min() > 0
    # A busy machine may lose some; steadiness is for the tests of a live room.
    assert len(times) > 0.7 * seconds * 30, f"{len(times)} pictures"
    pictures = Recording(path).pictures(seconds / 2, seconds, every=15)
    assert len(pictures) >= 2
    for picture in pictures:
        # Texts, bars and marks lie over the ground: most of the pixels have its colour.
        check_ground(picture, (944, 0, 336, 300), HOST_COLOUR, "host")
        check_ground(picture, TILE, GUEST_COLOUR, "guest")
    check_tones(sound(path)[-2 * 48_000:], present=[440, 660], absent=[1000])


def check_ground(picture: Picture, area: tuple[int, int, int, int], colour: tuple[int, int, int], who: str) -> None:
    planes = picture.region(*area)
    seen = [float(np.median(plane)) for plane in planes]
    assert np.abs(np.subtract(seen, colour)).max() < 12, f"{who}: median {seen}, expected {colour}"


def watch_url(process, timeout: float = 20) -> str:
    found = process.wait_for(lambda: re.search(r"watch: (http://\S+/watch/\w+)", process.output), "watch URL", timeout)
    return found.group(1)


def test_ends_by_itself_with_a_playable_file(start, tmp_path, note):
    output, summary = tmp_path / "demo.mp4", tmp_path / "demo.json"
    process = start("demo", "--duration", 8, "--output", output, "--json", summary, *ANY_PORTS)
    url = watch_url(process)
    assert requests.get(url, timeout=5).ok
    process.wait_for(lambda: metric_count(url, "mixd_mix_latency_seconds_count") > 60, "metrics of mixed frames")
    check_metrics(url)
    assert process.wait(20) == 0, process.errors
    assert not process.errors
    table = process.output.split("p99 ms")[1]
    for stage in STAGES:
        assert re.search(rf"^{stage} +[\d.]+ +[\d.]+ +[\d.]+ +\d+$", table, re.M), process.output
    note("demo, p50 p95 p99 ms and frames: " + " ".join(re.search(r"^mix (.*)$", table, re.M).group(1).split()))
    stats = json.loads(summary.read_text())
    assert stats["framesComposed"] > 170 and stats["latency"]["mix"]["count"] > 0
    check_program(output, seconds=8)


def metrics(url: str) -> str:
    return requests.get(f"{url.split('/watch/')[0]}/metrics", timeout=5).text


def metric_count(url: str, name: str) -> float:
    found = re.search(rf"^{name}(?:{{[^}}]*}})? ([\d.e+]+)$", metrics(url), re.M)
    return float(found.group(1)) if found else 0


def check_metrics(url: str) -> None:
    """The histograms of the design hold data and are histograms."""
    text = metrics(url)
    for name in ("mixd_stage_seconds", "mixd_mix_latency_seconds"):
        assert f"# TYPE {name} histogram" in text
    for stage in STAGES[:-1]:
        buckets = re.findall(rf'^mixd_stage_seconds_bucket{{[^}}]*stage="{stage}"[^}}]*}} (\d+)$', text, re.M)
        counts = [int(count) for count in buckets]
        assert counts and counts == sorted(counts) and counts[-1] > 0, f"{stage}: {counts}"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_ends_in_order_when_told_to(start, tmp_path, by):
    output = tmp_path / "demo.mp4"
    process = start("demo", "--output", output, *ANY_PORTS)
    url = watch_url(process)
    process.wait_for(lambda: metric_count(url, "mixd_mix_latency_seconds_count") > 120, "mixed frames")
    status, seconds = process.end(by)
    assert status == 0, process.errors
    assert seconds < 6, f"took {seconds:.1f} s"
    check_program(output, seconds=frame_times(output)[-1])


def test_two_at_once(start, tmp_path):
    outputs = [tmp_path / "first.flv", tmp_path / "second.webm"]
    processes = [start("demo", "--duration", 5, "--output", output, *ANY_PORTS) for output in outputs]
    assert len({watch_url(process) for process in processes}) == 2
    for process in processes:
        assert process.wait(30) == 0, process.errors
    for output, codecs in zip(outputs, [("h264", "aac"), ("vp8", "opus")]):
        tracks = streams(output)
        assert (tracks["video"]["codec_name"], tracks["audio"]["codec_name"]) == codecs
        assert abs(frame_times(output)[-1] - 5) < 1.5


@pytest.mark.parametrize("command", [["demo", "--duration", "3"], ["serve"]])
def test_a_busy_port_is_told(command, tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        address = f"127.0.0.1:{busy.getsockname()[1]}"
        done = mixd(*command, "--http", address, "--media", "127.0.0.1:0", directory=tmp_path, timeout=15)
    check_refused(done, address, "in use")


def test_a_busy_media_port_is_told(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as busy:
        busy.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{busy.getsockname()[1]}"
        done = mixd("demo", "--http", "127.0.0.1:0", "--media", address, directory=tmp_path, timeout=15)
    check_refused(done, address, "in use")


@pytest.mark.parametrize("output, reason", [("missing/demo.mp4", "No such file"), ("demo.avi", "container")])
def test_an_output_that_cannot_be_written_is_told(output, reason, tmp_path):
    done = mixd("demo", "--duration", 3, "--output", output, *ANY_PORTS, directory=tmp_path, timeout=20)
    check_refused(done, output, reason)
