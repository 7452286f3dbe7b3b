"""Two hosts meet: asked, declined, accepted; both audiences see both, likes count, and it ends."""

import time

import numpy as np
import pytest

from browsers import chromium
from fake_media import COHOST_COLOUR
from pages import Studio

COOL_DOWN = 3.2
"""Seconds after a request until the next one may be made."""


@pytest.fixture(autouse=True)
def cooled_down():
    yield
    time.sleep(COOL_DOWN)


@pytest.fixture(scope="module")
def rival(show, shared_browsers, devices):
    """The studio of a second host, whose camera shows one colour."""
    page = Studio(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    page.room = page.create_room("Rita", "Other side")
    page.go_live()
    page.click("toggle-program")
    return page


def ask(show, room: str, duration: str = "60") -> None:
    show.studio.click("tab-link")
    show.studio.click("link-start")
    show.studio.choose("link-battle", duration)
    pick = f"[data-test=pick][data-room={room}]"
    show.studio.wait(lambda: show.studio.all(pick) and show.studio.all(pick)[0].is_enabled(), "the other can be asked")
    show.studio.all(pick)[0].click()
    show.studio.contains("link-waiting", "Rita")


def layers(show, room: str) -> int:
    return len(show.mixd.scene(room)["layers"])


def test_a_challenge_is_declined(show, rival):
    ask(show, rival.room)
    rival.wait_shown("dialog")
    rival.click("dialog-no")
    show.studio.toast("The other host declined")
    show.studio.wait_shown("link-start")


def test_a_challenge_is_taken_back(show, rival):
    ask(show, rival.room)
    rival.wait_shown("dialog")
    show.studio.click("link-cancel")
    rival.wait(lambda: not rival.all("[data-test=dialog]"), "the question is withdrawn")


def test_nobody_answers(show, rival):
    ask(show, rival.room)
    rival.wait_shown("dialog")
    show.studio.toast("The other host did not answer")
    rival.wait(lambda: not rival.all("[data-test=dialog]"), "the question is withdrawn")


def test_a_battle_from_beginning_to_end(show, rival):
    alone = show.watch.quadrant_colours("video[data-test=program]")
    ask(show, rival.room)
    rival.click("dialog-yes")
    for page in (show.studio, rival, show.watch):
        page.wait_shown("score-bar")
        page.contains("battle-time", "PK")
    for room in (show.room, rival.room):
        show.mixd.wait_for_layers(room, 2)
    right = np.array(show.watch.expected_colour(COHOST_COLOUR))
    seen = lambda: show.watch.quadrant_colours("video[data-test=program]")[[1, 3]]
    show.watch.wait(lambda: np.abs(seen() - right).max() < 24, "the audience sees the other host on the right", 10)

    refused = show.viewer.refusal("POST", f"{show.path}/applications", {"media": "audio"})
    assert refused == "application.during-link"
    show.watch.reads("cohost-closed", "The host is linked with another room right now")

    for _ in range(3):
        show.watch.click("like")
    mine = lambda page: page.all(f"[data-test=score][data-room={show.room}] b")[0].text
    for page in (show.watch, show.studio, rival):
        page.wait(lambda: mine(page) == "3", "every like counts", 8)

    rival.click("tab-link")
    rival.click("battle-end")
    show.studio.reads("battle-result", "Victory!")
    rival.contains("battle-result", "Ann wins")

    show.studio.click("link-end")
    show.studio.click("dialog-yes")
    for page in (show.studio, rival, show.watch):
        page.wait(lambda: not page.find("score-bar").is_displayed(), "the link is over")
    for room in (show.room, rival.room):
        show.mixd.wait_for_layers(room, 1)
    back = lambda: np.abs(show.watch.quadrant_colours("video[data-test=program]") - alone).max() <= 12
    show.watch.wait(back, "the audience sees its host alone again", 10)


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
