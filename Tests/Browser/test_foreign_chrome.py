"""What Chromium publishes when it is told so by others than mixd's pages: simulcast with RIDs, H.264."""

import numpy as np
import pytest

from browsers import chromium
from chrome_publisher import ChromePublisher
from fake_media import COHOST_COLOUR, FRAME_RATE, Colour
from servers import Mixd, wait_until
from show import Person, guest

HOST_COLOUR: Colour = (100, 170, 100)
WIDTH, HEIGHT = 1280, 720
"""Of pictures that are smaller than 960 × 540 Chromium sends no third layer, whatever it is told."""

LAYERS = [
    {"rid": "q", "scaleResolutionDownBy": 4, "maxBitrate": 80_000},
    {"rid": "h", "scaleResolutionDownBy": 2, "maxBitrate": 150_000},
    {"rid": "f", "scaleResolutionDownBy": 1, "maxBitrate": 500_000},
]

TOLERANCE = 16
"""Of red, green and blue on their way through two codecs."""


@pytest.fixture
def host(mixd):
    return guest(mixd, "Host")


@pytest.fixture
def room(host):
    video = {"width": WIDTH, "height": HEIGHT, "frameRate": FRAME_RATE}
    return host.call("POST", "/rooms", {"title": "Foreign", "video": video})["id"]


@pytest.fixture
def chrome(mixd, browsers, devices):
    page = ChromePublisher(browsers.open(chromium, devices[0]), mixd.url)
    page.prepare()
    return page


def participant(mixd: Mixd, room: str, person: Person) -> dict:
    people = mixd.call("GET", f"/rooms/{room}/stats")["participants"]
    return next((one for one in people if one["userId"] == person.id), {"width": 0, "framesDecoded": 0})


def wait_for_width(mixd: Mixd, room: str, person: Person, width: int, what: str) -> None:
    """Of what is decoded. The browser begins with small pictures and takes some seconds to find out that more pass."""
    as_wide = lambda: participant(mixd, room, person)["width"] == width
    wait_until(as_wide, f"{what}: pictures {width} wide are decoded", 30, mixd.process)


def wait_for_pictures(mixd: Mixd, room: str, person: Person, what: str) -> None:
    before = participant(mixd, room, person)["framesDecoded"]
    arrive = lambda: participant(mixd, room, person)["framesDecoded"] > before + 2 * FRAME_RATE
    wait_until(arrive, what, 20, mixd.process)


def wait_for_colours(chrome: ChromePublisher, colours: list[Colour], what: str) -> None:
    """In the middle of the quarters of the programme."""
    expected = np.array([chrome.expected_colour(colour) for colour in colours])
    shown = lambda: np.abs(chrome.quadrant_colours("#programme") - expected).max() <= TOLERANCE
    chrome.wait(shown, f"{what}, {expected.round().tolist()}", 20)


def bring_on_stage(person: Person, host: Person, room: str) -> None:
    application = person.call("POST", f"/rooms/{room}/applications", {"media": "video"})
    host.call("POST", f"/rooms/{room}/applications/{application['id']}/accept", {})


def test_of_simulcast_layers_the_one_is_decoded_that_is_shown(mixd, host, room, chrome):
    cohost = guest(mixd, "Cohost")
    chrome.publish(room, host, HOST_COLOUR, (WIDTH, HEIGHT), LAYERS)
    chrome.watch(room)
    wait_for_width(mixd, room, host, WIDTH, "the host fills the programme")
    wait_for_colours(chrome, [HOST_COLOUR] * 4, "the host alone")

    bring_on_stage(cohost, host, room)
    chrome.publish(room, cohost, COHOST_COLOUR, (WIDTH, HEIGHT), LAYERS)
    scene = mixd.wait_for_layers(room, 2)
    tile = next(layer for layer in scene["layers"] if layer["userId"] == cohost.id)
    assert (tile["width"], tile["height"]) == (WIDTH // 4, HEIGHT // 4)
    wait_for_width(mixd, room, cohost, WIDTH // 4, "the co-host has a tile")
    wait_for_colours(chrome, [HOST_COLOUR] * 3 + [COHOST_COLOUR], "the co-host is in the corner")
    for person in (host, cohost):
        sizes = lambda: {layer["rid"]: layer["width"] for layer in chrome.sent(person)}
        all_layers = lambda: sizes() == {"q": WIDTH // 4, "h": WIDTH // 2, "f": WIDTH}
        wait_until(all_layers, "the browser sends all layers", 30)
    wait_for_width(mixd, room, host, WIDTH, "the host is as before")

    host.call("PUT", f"/rooms/{room}/scene", {"layout": "side-by-side"})
    wait_for_width(mixd, room, cohost, WIDTH, "the co-host has as many lines as the host")
    wait_for_colours(chrome, [HOST_COLOUR, COHOST_COLOUR] * 2, "both stand side by side")
    host.call("PUT", f"/rooms/{room}/scene", {"layout": "pip"})
    wait_for_width(mixd, room, cohost, WIDTH // 4, "the co-host has a tile again")
    wait_for_colours(chrome, [HOST_COLOUR] * 3 + [COHOST_COLOUR], "the co-host is in the corner again")


def test_h264_is_decoded_and_shown(mixd, host, room, chrome):
    if "video/H264" not in chrome.codecs():
        pytest.skip("this build of Chromium has no encoder of H.264: RTCRtpSender.getCapabilities does not name it")
    chrome.publish(room, host, HOST_COLOUR, (WIDTH, HEIGHT), codec="video/H264")
    chrome.watch(room)
    wait_for_pictures(mixd, room, host, "his pictures are decoded")
    wait_for_width(mixd, room, host, WIDTH, "they have their size")
    wait_for_colours(chrome, [HOST_COLOUR] * 4, "they fill the programme")
    assert [layer["codec"] for layer in chrome.sent(host)] == ["video/H264"]
