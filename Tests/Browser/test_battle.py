"""Hosts meet: asked, declined, accepted; all audiences see and hear all of them, likes count, and it ends.

Shows row 18 of the acceptance table: both audiences see left and right halves (decoded pictures and sound of both
programmes), ending by either side returns both, and meanwhile who wants to come on stage is told why he cannot. Beyond it:
three rooms, a host who reloads his page, a host whose browser dies.
"""

import asyncio
from dataclasses import dataclass
import time

import numpy as np
import pytest

from browsers import chromium, kill_browser
from fake_media import COHOST_COLOUR, COHOST_TONE, FRAME_RATE, HOST_TONE, QUADRANTS, Colour
from lone_publisher import LonePublisher
from pages import Page, press, Studio
from peers import watch_in_turn
from servers import wait_until
from show import COOL_DOWN, Person, guest
from signal_checks import check_colour, check_tones

SETTLING, WATCHING = 1.5, 2.0

THIRD_COLOUR, THIRD_TONE = (100, 170, 100), 660

REFUSALS = "return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/reject')).length"


@pytest.fixture(autouse=True)
def apart_and_cooled_down(show):
    """Whatever became of a test, the next one finds Ann in no link."""
    yield
    host = show.host
    for link in host.call("GET", f"{show.path}/links")["links"]:
        host.attempt("DELETE", f"{show.path}/links/{link['id']}")
    time.sleep(COOL_DOWN)


@pytest.fixture(scope="module")
def rival(show, shared_browsers, devices):
    """The studio of a second host, whose camera shows one colour."""
    page = Studio(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    page.room = page.create_room("Rita", "Other side")
    page.go_live()
    page.click("toggle-program")
    return page


@dataclass
class ThirdHost:
    """A host without a browser."""

    person: Person
    room: str

    def link(self) -> dict | None:
        """The link he is in or asked for."""
        return next(iter(self.person.call("GET", f"/rooms/{self.room}/links")["links"]), None)


@pytest.fixture
def third(show):
    person = guest(show.mixd, "Tom")
    room = person.call("POST", "/rooms", {"title": "Third side", "video": {"frameRate": FRAME_RATE}})["id"]
    publisher = LonePublisher(f"{show.mixd.url}/whip/{room}", person.token, THIRD_COLOUR, THIRD_TONE)
    yield ThirdHost(person, room)
    publisher.close()


def pick(page: Page, room: str) -> None:
    page.wait(lambda: press(page.all(f"[data-test=pick][data-room={room}]")[0]), "the other can be asked")


def ask(show, room: str, duration: str = "300") -> None:
    show.studio.click("link-start")
    show.studio.choose("link-battle", duration)
    pick(show.studio, room)
    show.studio.contains("link-waiting", "Rita")


def meet(show, rival) -> None:
    """Both are linked, a battle goes on, and every page shows it."""
    ask(show, rival.room)
    rival.click("dialog-yes")
    for page in (show.studio, rival, show.watch):
        page.wait_shown("score-bar")
        page.contains("battle-time", "PK")
    for room in (show.room, rival.room):
        show.mixd.wait_for_layers(room, 2)


def part(page: Studio, others: list[Page], rooms: list[str], mixd) -> None:
    page.click("link-end")
    page.click("dialog-yes")
    for other in (page, *others):
        other.wait(lambda: not other.find("score-bar").is_displayed(), "the link is over")
    for room in rooms:
        mixd.wait_for_layers(room, 1)


def score(page: Page, room: str) -> str:
    return page.all(f"[data-test=score][data-room={room}] b")[0].text


def check_programmes(show, rooms: list[str], plain: dict[str, Colour], tones: list[int]) -> None:
    """Every audience sees each host in his rectangle, Ann's four colours and who is `plain`, and hears `tones`."""
    mixd = show.mixd
    urls = [f"{mixd.url}/whep/{room}" for room in rooms]
    for room, (pictures, sound) in zip(rooms, asyncio.run(watch_in_turn(urls, WATCHING, SETTLING))):
        layers = mixd.scene(room)["layers"]
        assert {layer["userId"] for layer in layers} == {show.host.id, *plain}
        assert pictures, f"nobody sees {room}"
        for picture in pictures:
            for layer in layers:
                check_host(picture, layer, plain.get(layer["userId"]), f"in {room}")
        check_tones(sound, present=tones, absent=[1000])


def check_host(picture, layer: dict, colour: Colour | None, where: str) -> None:
    x, y, width, height = (layer[key] for key in ("x", "y", "width", "height"))
    if colour:
        return check_colour(picture, (x + 8, y + 8, width - 16, height - 16), colour, f"{layer['userId']} {where}")
    for name, quadrant in QUADRANTS.items():
        # Away from where quarters meet, and below the box that runs along the upper edge.
        left = x + width * (10 if name.endswith("left") else 60) // 100
        top, lines = (y + height // 4, height // 6) if name.startswith("top") else (y + height * 6 // 10, height // 4)
        check_colour(picture, (left, top, width * 3 // 10, lines), quadrant, f"{name} {where}")


def test_a_challenge_is_declined(show, rival):
    ask(show, rival.room)
    rival.wait_shown("dialog")
    rival.click("dialog-no")
    show.studio.toast("The other host declined")
    show.studio.wait_shown("link-start")


def test_a_battle_from_beginning_to_end(show, rival):
    alone = show.watch.quadrant_colours("video[data-test=program]")
    meet(show, rival)
    right = np.array(show.watch.expected_colour(COHOST_COLOUR))
    seen = lambda: show.watch.quadrant_colours("video[data-test=program]")[[1, 3]]
    show.watch.wait(lambda: np.abs(seen() - right).max() < 24, "the audience sees the other host on the right")
    check_programmes(show, [show.room, rival.room], {rival.user()["userId"]: COHOST_COLOUR}, [HOST_TONE, COHOST_TONE])
    check_tones(show.studio.listen(), present=[COHOST_TONE], absent=[HOST_TONE])
    check_tones(rival.listen(), present=[HOST_TONE], absent=[COHOST_TONE])

    refused = show.viewer.refusal("POST", f"{show.path}/applications", {"media": "audio"})
    assert refused == "application.during-link"
    show.watch.reads("cohost-closed", "The host is linked with another room right now")

    for _ in range(3):
        show.watch.click("like")
    for page in (show.watch, show.studio, rival):
        page.wait(lambda: score(page, show.room) == "3", "every like counts", 8)

    rival.click("battle-end")
    show.studio.reads("battle-result", "Victory!")
    rival.contains("battle-result", "Ann wins")

    part(show.studio, [rival, show.watch], [show.room, rival.room], show.mixd)
    back = lambda: np.abs(show.watch.quadrant_colours("video[data-test=program]") - alone).max() <= 12
    show.watch.wait(back, "the audience sees its host alone again")


# Between requests that come to nothing the two are linked: the next one would have to wait.
def test_a_challenge_is_taken_back(show, rival):
    ask(show, rival.room)
    rival.wait_shown("dialog")
    show.studio.click("link-cancel")
    rival.wait(lambda: not rival.all("[data-test=dialog]"), "the question is withdrawn")
    rival.toast("The other host took the request for a link back")


def test_a_third_room_joins_and_leaves(show, rival, third):
    show.studio.click("link-start")
    show.studio.choose("link-battle", "0")
    pick(show.studio, rival.room)
    rival.click("dialog-yes")
    time.sleep(COOL_DOWN)
    show.studio.click("link-invite")
    pick(show.studio, third.room)
    asked = wait_until(third.link, "the third host is asked", 10)
    third.person.call("POST", f"/rooms/{third.room}/links/{asked['id']}/accept")
    rooms = [show.room, rival.room, third.room]
    for room in rooms:
        show.mixd.wait_for_layers(room, 3)
    plain = {rival.user()["userId"]: COHOST_COLOUR, third.person.id: THIRD_COLOUR}
    check_programmes(show, rooms, plain, [HOST_TONE, COHOST_TONE, THIRD_TONE])

    show.studio.choose("battle-length", "180")
    show.studio.click("battle-start")
    rival.click("dialog-yes")
    third.person.call("POST", f"/rooms/{third.room}/links/{asked['id']}/battle/accept")
    pages = (show.watch, show.studio, rival)
    # What is liked before all have accepted does not count.
    for page in pages:
        page.wait(lambda: [score(page, room) for room in rooms] == ["0", "0", "0"], "the battle of three has begun")
    guest(show.mixd, "Fan").call("POST", f"/rooms/{third.room}/likes", {"count": 7})
    for page in pages:
        page.wait(lambda: [score(page, room) for room in rooms] == ["0", "0", "7"], "every page has three scores", 8)

    third.person.call("DELETE", f"/rooms/{third.room}/links/{asked['id']}")
    for room, count in zip(rooms, (2, 2, 1)):
        show.mixd.wait_for_layers(room, count)
    for page in pages:
        page.wait(lambda: len(page.all("[data-test=score]")) == 2, "two are left")
    part(rival, [show.studio, show.watch], [show.room, rival.room], show.mixd)


def test_a_host_who_reloads_his_page_is_still_in_the_battle(show, rival):
    meet(show, rival)
    show.watch.click("like")
    rival.wait(lambda: score(rival, show.room) == "1", "the like counts", 8)
    show.studio.driver.refresh()
    show.studio.go_live()
    show.studio.click("toggle-program")
    show.studio.wait(lambda: score(show.studio, show.room) == "1", "nothing is forgotten")
    for page in (show.studio, rival):
        page.wait_for_tiles(2)
    check_programmes(show, [show.room, rival.room], {rival.user()["userId"]: COHOST_COLOUR}, [HOST_TONE, COHOST_TONE])
    part(rival, [show.studio, show.watch], [show.room, rival.room], show.mixd)


def test_nobody_answers(show, rival):
    before = rival.driver.execute_script(REFUSALS)
    ask(show, rival.room)
    rival.wait_shown("dialog")
    show.studio.toast("The other host did not answer")
    rival.wait(lambda: not rival.all("[data-test=dialog]"), "the question is withdrawn")
    rival.toast("The request for a link has expired")
    assert rival.driver.execute_script(REFUSALS) == before, "saying nothing is not saying no"


def test_a_host_with_company_cannot_be_asked(show, rival):
    guest = show.viewer
    application = guest.call("POST", f"{show.path}/applications", {"media": "audio"})
    show.host.call("POST", f"{show.path}/applications/{application['id']}/accept")
    code = show.host.refusal("POST", f"{show.path}/links", {"roomId": rival.room})
    assert code == "link.stage-occupied"
    guest.call("DELETE", f"{show.path}/participants/{guest.id}")


def test_no_page_reports_an_error(show, rival):
    for page in (show.studio, show.watch, rival):
        assert not page.errors()


def test_a_host_whose_browser_dies_loses_his_place_after_a_while(show, rival):
    alone = show.watch.quadrant_colours("video[data-test=program]")
    meet(show, rival)
    kill_browser(rival.driver)
    start = time.monotonic()
    over = lambda: not show.studio.find("score-bar").is_displayed()
    show.studio.wait(over, "the link is over", 70)
    assert time.monotonic() - start > 28, "a short cut must not end a link"
    show.mixd.wait_for_layers(show.room, 1)
    back = lambda: np.abs(show.watch.quadrant_colours("video[data-test=program]") - alone).max() <= 12
    show.watch.wait(back, "the audience sees its host alone again")
    show.studio.wait_shown("link-start")
