"""A co-host's browser sends as much as is seen of him, and no more."""

import json
import math
import time

import numpy as np
import pytest

from browsers import chromium, firefox
from fake_media import COHOST_COLOUR, FRAME_RATE, Devices, write_y4m
from pages import Studio, Watch

CAMERA = (1280, 720)

KEEP_CONNECTIONS = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...options) {
    super(...options);
    window.connections.push(this);
  }
};
"""

READ_SENT = """
const done = arguments[arguments.length - 1];
(async () => {
  const senders = window.connections.flatMap((connection) => connection.getSenders());
  const sender = senders.filter(({ track }) => track?.kind === 'video' && track.readyState === 'live').at(-1);
  if (!sender) return null;
  const stats = [...(await sender.getStats()).values()].find(({ type }) => type === 'outbound-rtp');
  const { width, height } = sender.track.getSettings();
  const [encoding] = sender.getParameters().encodings;
  return { width: stats?.frameWidth, height: stats?.frameHeight, frames: stats?.framesEncoded, encoding,
    camera: [width, height] };
})().then(done, (error) => done({ error: String(error) }));
"""


class LargeCameraWatch(Watch):
    """A viewer with a large camera, whose connections can be asked for what they send."""

    def prepare(self) -> None:
        super().prepare()
        choice = json.dumps({"originalSound": True, "height": CAMERA[1]})
        self.driver.execute_script("localStorage.setItem('mixd.devices', arguments[0])", choice)

    def open(self, room: str) -> None:
        super().open(room)
        self.driver.execute_script(KEEP_CONNECTIONS)

    def sent(self) -> dict:
        return self.driver.execute_async_script(READ_SENT) or {}

    def wait_until_sent(self, condition, what: str) -> dict:
        deadline = time.monotonic() + 40
        while True:
            sent = self.sent()
            if sent.get("width") and condition(sent):
                return sent
            assert time.monotonic() < deadline, f"{what}: {sent}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def large_camera(devices, tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "cohost.y4m"
    width, height = CAMERA
    planes = [np.full(shape, value, np.uint8) for shape, value in
              zip([(height, width), (height // 2, width // 2), (height // 2, width // 2)], COHOST_COLOUR)]
    write_y4m(path, [planes] * FRAME_RATE, CAMERA)
    return Devices(path, devices[1].audio)


def scale(sent: dict, width: int, height: int) -> float:
    """By which the camera's picture must be divided to just fill a rectangle."""
    return max(1, min(sent["camera"][0] / width, sent["camera"][1] / height))


def bitrate(sent: dict) -> float:
    """The most the browser is asked for; before it is asked, whatever it likes."""
    return sent["encoding"].get("maxBitrate", math.inf)


@pytest.mark.parametrize("open_cohost", [chromium, firefox])
def test_the_picture_is_as_large_as_it_is_seen(mixd, browsers, devices, large_camera, open_cohost):
    studio = Studio(browsers.open(chromium, devices[0]), mixd.url)
    room = studio.create_room("Ann", "Layers")
    studio.go_live()
    watch = LargeCameraWatch(browsers.open(open_cohost, large_camera), mixd.url)
    watch.open(room)
    watch.wait_for_program()
    watch.apply()
    cohost = studio.accept_first()
    watch.wait_shown("leave")
    studio.wait_for_tiles(2)
    mixd.wait_for_layers(room, 2)

    small = lambda sent: sent["height"] <= 360 and bitrate(sent) <= 800_000
    tile = watch.wait_until_sent(small, "a tile is asked for")

    studio.click("layout-side-by-side")
    # A browser on a busy machine may send less than it is asked for.
    larger = lambda sent: sent["height"] > tile["height"] and bitrate(sent) > bitrate(tile)
    column = watch.wait_until_sent(larger, "a column is asked for")
    assert column["encoding"]["scaleResolutionDownBy"] == pytest.approx(scale(column, 640, 720), rel=0.02)
    check_column(studio, open_cohost)

    studio.click("layout-pip")
    watch.wait_until_sent(lambda sent: sent["height"] <= tile["height"], "a tile is asked for again")
    assert cohost in {layer["userId"] for layer in mixd.scene(room)["layers"]}


def check_column(studio: Studio, open_cohost) -> None:
    """The co-host is on the right, the host, whose left quarters are of two colours, on the left."""
    def shown():
        colours = studio.quadrant_colours("[data-test=program]").astype(int)
        right = np.abs(colours[1] - colours[3]).max() <= 12
        left = np.abs(colours[0] - colours[2]).max() >= 25
        return right and left

    studio.wait(shown, "host and co-host stand side by side")
