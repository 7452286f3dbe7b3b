"""The lobby: what is listed and what is not, finding a room, and rooms that end without a goodbye.

Shows of the acceptance table: row 5 (only pictures bring a room into the list; a host whose camera is denied is told so),
row 7 (title and notice change for all; a hundred viewers are counted exactly) and row 6 (a host who vanishes). The rest of
rows 6 and 8: `test_many_rooms.py`; bans: `test_admin.py`.
"""

import time

import pytest

from browsers import chromium, kill_browser
from pages import Page, Studio
from servers import wait_until
from show import guest
from sockets import RawSocket

VIEWERS = 100

DENY_CAMERA = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };
"""


@pytest.fixture(scope="module")
def lobby(show, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    page.prepare()
    page.driver.refresh()
    return page


def cards(page) -> list[str]:
    return page.rooms("room")


def test_only_real_pictures_bring_a_room_into_the_list(show, lobby):
    silent = guest(show.mixd).call("POST", "/rooms", {"title": "Nothing yet"})
    lobby.click("refresh")
    lobby.wait(lambda: cards(lobby) == [show.room], "the live room is listed, the silent one is not")
    text = lobby.find("room").text
    assert "Evening <b>show</b>" in text and "Ann" in text and "Live" in text
    assert silent["id"] not in cards(lobby)


def test_who_may_not_use_his_camera_is_told_and_not_listed(show, lobby, shared_browsers, devices):
    driver = shared_browsers.open(chromium, devices[1])
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": DENY_CAMERA})
    page = Studio(driver, show.mixd.url)
    page.create_room("Dan", "No camera")
    page.reads("device-trouble-text", "Please allow camera and microphone first")
    page.click("go-live")
    page.reads("device-trouble-text", "Please allow camera and microphone first")
    assert [room["id"] for room in show.mixd.call("GET", "/rooms?status=live")["rooms"]] == [show.room]
    driver.quit()


def test_a_hundred_viewers_come_and_go_and_are_counted_exactly(show):
    """With Ben, who is there all the time; one of them with two pages."""
    viewers = [guest(show.mixd) for _ in range(VIEWERS)]
    sockets = [RawSocket(viewer, show.room) for viewer in (*viewers, viewers[0])]
    show.studio.reads("viewers", f"{VIEWERS + 1} watching")
    show.watch.reads("viewers", f"{VIEWERS + 1} watching")
    assert show.mixd.call("GET", show.path)["viewers"] == VIEWERS + 1
    sockets[0].close()
    for socket in sockets[1:VIEWERS // 2]:
        socket.close()
    show.studio.reads("viewers", f"{VIEWERS // 2 + 2} watching")
    for socket in sockets[VIEWERS // 2:]:
        socket.close()
    show.studio.reads("viewers", "1 watching")
    assert show.mixd.call("GET", show.path)["viewers"] == 1


def test_what_the_host_changes_is_found(show, lobby):
    show.studio.click("tab-room")
    show.studio.type("detail-title", "Jazz at night")
    show.studio.type("detail-tags", "piano, trio")
    show.studio.type("detail-notice", "Requests welcome")
    show.studio.choose("detail-category", "music")
    show.studio.click("save-details")
    show.watch.reads("room-title", "Jazz at night")
    show.watch.reads("room-notice", "Requests welcome")

    for words in ("jazz", "ANN", "trio", show.room):
        lobby.type("search", words)
        lobby.wait(lambda: cards(lobby) == [show.room], f"“{words}” finds the room")
    lobby.type("search", "opera")
    lobby.wait_shown("rooms-nothing")
    lobby.click("clear")
    lobby.click("category-games")
    lobby.wait_shown("rooms-nothing")
    lobby.click("category-music")
    lobby.wait(lambda: cards(lobby) == [show.room], "the category has the room")
    lobby.click("category-all")


def test_a_room_is_entered_by_its_number(show, lobby):
    lobby.type("enter-number", "r_nothing")
    lobby.click("enter-room")
    lobby.reads("enter-error", "There is no such room")
    lobby.type("enter-number", show.room)
    lobby.click("enter-room")
    lobby.reads("room-title", "Jazz at night")
    lobby.driver.get(show.mixd.url)


def test_a_host_who_vanishes_leaves_the_list_and_his_show_is_over(show, lobby):
    show.absent = show.studio.user()
    kill_browser(show.studio.driver)
    start = time.monotonic()
    gone = lambda: not show.mixd.call("GET", "/rooms?status=live")["rooms"]
    wait_until(gone, "the room leaves the list", 36)
    assert time.monotonic() - start > 12, "a short cut must not end anything"
    show.watch.reads("state", "The host is away for a moment", 5)
    show.watch.reads("ended-text", "The show has ended", 15)
    lobby.click("refresh")
    lobby.wait_shown("rooms-empty")


def test_a_host_who_comes_back_goes_on_with_his_show(show, lobby, shared_browsers, devices):
    show.return_host(shared_browsers.open(chromium, devices[0]), show.absent)
    show.watch.wait(lambda: not show.watch.find("ended").is_displayed(), "the audience sees him again")
    lobby.click("refresh")
    lobby.wait(lambda: cards(lobby) == [show.room], "it is listed again")
