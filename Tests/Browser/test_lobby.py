"""The lobby: what is listed and what is not, finding a room, and rooms that end without a goodbye."""

import time

import pytest

from browsers import chromium, kill_browser
from pages import Page
from servers import wait_until
from show import guest


@pytest.fixture(scope="module")
def lobby(show, shared_browsers, devices):
    page = Page(shared_browsers.open(chromium, devices[1]), show.mixd.url)
    page.prepare()
    page.driver.refresh()
    return page


def cards(page) -> list[str]:
    return [card.get_attribute("data-room") for card in page.all("[data-test=room]")]


def test_only_real_pictures_bring_a_room_into_the_list(show, lobby):
    silent = guest(show.mixd).call("POST", "/rooms", {"title": "Nothing yet"})
    lobby.click("refresh")
    lobby.wait(lambda: cards(lobby) == [show.room], "the live room is listed, the silent one is not")
    text = lobby.find("room").text
    assert "Evening <b>show</b>" in text and "Ann" in text and "Live" in text
    assert silent["id"] not in cards(lobby)


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


def test_a_host_who_vanishes_leaves_the_list_and_then_the_show(show, lobby):
    kill_browser(show.studio.driver)
    start = time.monotonic()
    gone = lambda: not show.mixd.call("GET", "/rooms?status=live")["rooms"]
    wait_until(gone, "the room leaves the list", 36)
    assert time.monotonic() - start > 12, "a short cut must not end anything"
    show.watch.reads("state", "The host is away for a moment", 5)
    lobby.click("refresh")
    lobby.wait_shown("rooms-empty")
