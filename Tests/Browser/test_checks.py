"""The measuring tools themselves, on a stream that FFmpeg pushes to the RTMP server."""

import subprocess

import numpy as np
import pytest

from fake_media import COHOST_COLOUR, COHOST_TONE, FRAME_RATE, HOST_TONE, tone
from recording import AUDIO_TAG, VIDEO_TAG, Tag
from signal_checks import check_colour, check_host_fills, check_moves, check_timing, check_tones, has_colour

TILE = (960, 540, 320, 180)


@pytest.fixture
def recording(rtmp, devices):
    """Six seconds of a mix made by FFmpeg: the host fills the canvas, the co-host is a tile, both sound."""
    host, cohost = devices
    graph = (
        "[0:v]scale=1280:720[host];[1:v]scale=320:180[tile];[host][tile]overlay=960:540,fps=30,format=yuv420p[v];"
        "[2:a][3:a]amix=2:normalize=0[a]")
    inputs = [argument for file in (host.video, cohost.video, host.audio, cohost.audio)
              for argument in ("-re", "-stream_loop", "-1", "-i", str(file))]
    subprocess.run([
        "ffmpeg", "-v", "error", *inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-t", "6",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "2500k",
        "-c:a", "aac", "-ar", "48000", "-f", "flv", rtmp.url("reference"),
    ], check=True, timeout=60)
    return rtmp.recording("reference")


def test_a_good_stream_passes_every_check(recording):
    streams = recording.streams()
    assert streams["video"]["codec_name"] == "h264" and streams["audio"]["codec_name"] == "aac"
    pictures = recording.pictures(2, 4)
    assert len(pictures) >= 10
    for picture in pictures:
        check_host_fills(picture, covered=TILE)
        check_colour(picture, TILE, COHOST_COLOUR, "tile")
    check_moves(pictures)
    check_tones(recording.sound(2, 4), present=[HOST_TONE, COHOST_TONE], absent=[1000])
    check_timing(recording.tags())


def test_a_misplaced_tile_is_noticed(recording):
    picture = recording.pictures(2, 3)[0]
    assert not has_colour(picture, (940, 540, 320, 180), COHOST_COLOUR)
    with pytest.raises(AssertionError, match="host's"):
        check_host_fills(picture, covered=None)


def test_a_frozen_picture_is_noticed(recording):
    picture = recording.pictures(2, 3)[0]
    with pytest.raises(AssertionError, match="did not move"):
        check_moves([picture] * 5)


def test_a_tone_too_much_or_too_little_is_noticed():
    samples = tone(HOST_TONE, 1)
    check_tones(samples, present=[HOST_TONE], absent=[COHOST_TONE])
    with pytest.raises(AssertionError, match="missing"):
        check_tones(samples, present=[COHOST_TONE], absent=[])
    with pytest.raises(AssertionError, match="should not be there"):
        check_tones(samples + 0.01 * tone(COHOST_TONE, 1) / 0.25, present=[HOST_TONE], absent=[COHOST_TONE])


def test_pictures_that_the_server_missed_are_no_gap():
    tags = [Tag(AUDIO_TAG, 20 * at, False) for at in range(200)]
    tags += [Tag(VIDEO_TAG, round(1000 * at / FRAME_RATE), False) for at in range(60) if at != 30]
    check_timing(tags, missed=1)
    with pytest.raises(AssertionError, match="video: a gap of"):
        check_timing(tags)


@pytest.mark.parametrize("jump, message", [(-40, "goes back"), (150, "a gap of")])
def test_a_jump_in_time_is_noticed(jump, message):
    def times(step, offset):
        steps = np.full(200, step)
        steps[100] = offset if offset < 0 else step + offset
        return np.cumsum(steps)

    check_timing([Tag(kind, 10 * at, False) for at in range(200) for kind in (AUDIO_TAG, VIDEO_TAG)])
    tags = [Tag(kind, int(at), False) for at in times(10, jump) for kind in (AUDIO_TAG, VIDEO_TAG)]
    with pytest.raises(AssertionError, match=message):
        check_timing(tags)
