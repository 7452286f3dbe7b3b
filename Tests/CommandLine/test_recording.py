"""What was recorded is there after the server was killed, and can be played."""

import time

import requests

from measure import frame_times, streams
from test_serve import call, http_address

SECONDS = 7
PIECE = 2
"""Seconds between two key frames: more must not be lost."""


def test_a_recording_survives_a_kill_but_for_its_last_piece(start, tmp_path):
    arguments = ["serve", "--http", "127.0.0.1:0", "--media", "127.0.0.1:0", "--data", tmp_path / "data"]
    first = start(*arguments)
    base = http_address(first)
    token = call(base, "POST", "/sessions", {"name": "Host"})["token"]
    room = call(base, "POST", "/rooms", {"title": "Recorded"}, token)["id"]
    recording = call(base, "POST", f"/rooms/{room}/recordings", token=token)["id"]
    time.sleep(SECONDS)
    first.kill()

    second = start(*arguments)
    base = http_address(second)
    path = f"/rooms/{room}/recordings/{recording}"
    found = call(base, "GET", path, token=token)
    assert (found["state"], found["reason"]) == ("ended", "restart")
    answer = requests.get(f"http://{base}/api/v1{path}/file", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.ok and len(answer.content) == found["bytes"] > 0
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(answer.content)
    assert set(streams(copy)) == {"video", "audio"}
    times = frame_times(copy)
    assert SECONDS - 2 * PIECE < times[-1] - times[0] < SECONDS + 1
    assert (tmp_path / "data" / "recordings" / room / f"{recording}.mp4").stat().st_mode & 0o077 == 0
