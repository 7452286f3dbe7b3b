"""Clients written by others: aiortc publishes by WHIP and is mixed, another one watches by WHEP."""

import asyncio

from fake_media import COHOST_COLOUR, COHOST_TONE, FRAME_RATE, HOST_TONE
from lone_publisher import LonePublisher
from peers import WHEPPlayer
from signal_checks import check_colour, check_tones

HOST_COLOUR = (100, 170, 100)


def test_aiortc_publishes_and_watches(mixd):
    asyncio.run(publish_and_watch(mixd))


async def publish_and_watch(mixd):
    host = mixd.call("POST", "/sessions", {"name": "Host"})
    guest = mixd.call("POST", "/sessions", {"name": "Guest"})
    settings = {"title": "Peers", "video": {"frameRate": FRAME_RATE}}
    room = mixd.call("POST", "/rooms", settings, host["token"])["id"]
    publisher = LonePublisher(f"{mixd.url}/whip/{room}", host["token"], HOST_COLOUR, HOST_TONE)

    application = mixd.call("POST", f"/rooms/{room}/applications", {"media": "video"}, guest["token"])
    mixd.call("POST", f"/rooms/{room}/applications/{application['id']}/accept", {}, host["token"])
    second = LonePublisher(f"{mixd.url}/whip/{room}", guest["token"], COHOST_COLOUR, COHOST_TONE)
    scene = await asyncio.to_thread(mixd.wait_for_layers, room, 2)

    player = WHEPPlayer(f"{mixd.url}/whep/{room}")
    await player.play()
    await player.collect(3)
    pictures, sound = await player.collect(3)
    check_mix(pictures, sound, scene, guest["userId"])

    await asyncio.to_thread(second.close)
    await asyncio.to_thread(mixd.wait_for_layers, room, 1)
    await player.collect(2)
    pictures, sound = await player.collect(2)
    for picture in pictures:
        check_colour(picture, (0, 0, 1280, 720), HOST_COLOUR, "the host alone")
    check_tones(sound, present=[HOST_TONE], absent=[COHOST_TONE])
    await player.close()
    publisher.close()


def check_mix(pictures, sound, scene, guest):
    layer = next(layer for layer in scene["layers"] if layer["userId"] == guest)
    tile = (layer["x"], layer["y"], layer["width"], layer["height"])
    assert len(pictures) >= 5
    for picture in pictures:
        assert (picture.width, picture.height) == (1280, 720)
        check_colour(picture, (0, 0, 640, 720), HOST_COLOUR, "the host's left half")
        check_colour(picture, tile, COHOST_COLOUR, "the guest's tile")
    check_tones(sound, present=[HOST_TONE, COHOST_TONE], absent=[1000])
