"""Two browsers share a stage and one mixed stream reaches an RTMP server.

Shows of the acceptance table: row 16 (the main path, the guest in Chromium and in Firefox) and row 17 (pixels in exact
rectangles, both tones in the programme, nobody hears himself).
"""

import numpy as np
import pytest

from browsers import chromium, firefox
from fake_media import COHOST_COLOUR, COHOST_TONE, HOST_TONE
from pages import Studio, Watch
from signal_checks import check_colour, check_host_fills, check_moves, check_timing, check_tones

SETTLING = 2.0
"""Seconds of the stream after a change that are left out: the way through encoder, push and server."""

TOGETHER, ALONE = 6.0, 5.0

FIREFOX_LUMA = 128
"""Its fake camera changes only the colour of a plain picture."""


def check_chromium_tile(picture, tile):
    check_colour(picture, tile, COHOST_COLOUR, "the co-host's tile")


def check_firefox_tile(picture, tile):
    x, y, width, height = tile
    planes = picture.region(x + 8, y + 8, width - 16, height - 16)
    assert abs(np.median(planes[0]) - FIREFOX_LUMA) <= 10, f"the tile's luma is {np.median(planes[0])}"
    for name, plane in zip(("Y", "Cb", "Cr"), planes):
        spread = np.percentile(plane, 99) - np.percentile(plane, 1)
        assert spread <= 16, f"the tile is not plain: {name} spreads over {spread}"


@pytest.mark.parametrize("open_cohost, check_tile", [
    pytest.param(chromium, check_chromium_tile, id="chromium"),
    pytest.param(firefox, check_firefox_tile, id="firefox"),
])
def test_two_browsers_cohost(mixd, rtmp, browsers, devices, open_cohost, check_tile):
    host_devices, cohost_devices = devices
    studio = Studio(browsers.open(chromium, host_devices), mixd.url)
    room = studio.create_room("Ann", "First light")
    studio.go_live()
    studio.push(rtmp.url("first"))
    recording = rtmp.recording("first")
    studio.click("toggle-program")

    watch = Watch(browsers.open(open_cohost, cohost_devices), mixd.url)
    watch.open(room)
    watch.wait_for_program()
    watch.apply()
    cohost = studio.accept_first()
    watch.wait_shown("leave")
    watch.wait_for_tiles(2)
    studio.wait_for_tiles(2)
    scene = mixd.wait_for_layers(room, 2)

    together = recording.now() + SETTLING
    recording.wait_for(SETTLING + TOGETHER / 2)
    heard_by_cohost = watch.listen()
    heard_by_host = studio.listen()
    recording.wait_for(TOGETHER / 2)

    watch.close_tab()
    mixd.wait_for_layers(room, 1, timeout=15)
    alone = recording.now() + SETTLING
    recording.wait_for(SETTLING + ALONE)
    missed = mixd.call("GET", f"/rooms/{room}/stats")["ticksMissed"]
    studio.click("end-live")
    studio.click("dialog-yes")
    studio.wait_shown("ended")

    check_container(recording)
    check_timing(recording.tags(), missed)
    tile = tile_of(scene, cohost)
    pictures = recording.pictures(together, together + TOGETHER)
    assert len(pictures) >= TOGETHER * 2
    for picture in pictures:
        check_host_fills(picture, covered=tile)
        check_tile(picture, tile)
    check_moves(pictures)
    check_tones(recording.sound(together, together + TOGETHER), present=[HOST_TONE, COHOST_TONE], absent=[])

    check_tones(heard_by_cohost, present=[HOST_TONE], absent=[COHOST_TONE])
    check_tones(heard_by_host, present=[COHOST_TONE], absent=[HOST_TONE])

    pictures = recording.pictures(alone, alone + ALONE)
    assert len(pictures) >= ALONE * 2
    for picture in pictures:
        check_host_fills(picture, covered=None)
    check_moves(pictures)
    check_tones(recording.sound(alone, alone + ALONE), present=[HOST_TONE], absent=[COHOST_TONE])


def check_container(recording):
    streams = recording.streams()
    video, audio = streams["video"], streams["audio"]
    assert (video["codec_name"], video["width"], video["height"]) == ("h264", 1280, 720)
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)


def tile_of(scene, user):
    """The co-host's rectangle, which must be a part of the canvas and lie over the host's."""
    assert scene["canvas"] == {"width": 1280, "height": 720}
    layers = {layer["userId"]: layer for layer in scene["layers"]}
    mine = layers.pop(user)
    (host,) = layers.values()
    assert (host["x"], host["y"], host["width"], host["height"]) == (0, 0, 1280, 720)
    assert mine["zIndex"] > host["zIndex"]
    assert 0 < mine["width"] <= 640 and 0 < mine["height"] <= 360
    return mine["x"], mine["y"], mine["width"], mine["height"]
