"""A host finds his rooms in the lobby: into the studio, end one, and those that are over."""

import requests

from browsers import chromium
from pages import Studio
from servers import wait_until
from show import Person

PAST = 10


def person(page) -> Person:
    user = page.user()
    return Person(page.mixd, user["userId"], user["name"], user["token"])


def new_room(host: Person, title: str) -> dict | None:
    """Or nothing when he makes too many."""
    headers = {"Authorization": f"Bearer {host.token}"}
    response = requests.post(f"{host.mixd.url}/api/v1/rooms", json={"title": title}, headers=headers, timeout=10)
    return response.json() if response.ok else None


def test_a_host_finds_ends_and_looks_back_at_his_rooms(mixd, browsers, devices):
    page = Studio(browsers.open(chromium, devices[0]), mixd.url)
    page.mixd = mixd
    room = page.create_room("Ann", "Evening show")
    page.driver.get(mixd.url)
    page.wait_shown("my-rooms")
    page.contains("my-open", "Evening show")
    page.contains("my-open", "Not live yet")
    assert not page.find("my-ended").is_displayed(), "nothing is over yet"

    page.click("my-studio")
    page.wait(lambda: page.driver.current_url.endswith(f"/studio/{room}"), "the studio opens")
    page.driver.get(mixd.url)
    page.click("my-end")
    page.click("dialog-no")
    page.contains("my-open", "Evening show")
    page.click("my-end")
    page.click("dialog-yes")
    page.toast("The room is closed")
    page.wait(lambda: not page.all("[data-test=my-room]"), "it is not open any more")
    assert mixd.call("GET", f"/rooms/{room}")["status"] == "ended"

    for number in range(PAST):
        past = wait_until(lambda: new_room(person(page), f"Show {number}"), "another room may be made", 30)
        person(page).call("DELETE", f"/rooms/{past['id']}")
    page.driver.get(f"{mixd.url}/#my-rooms")
    page.driver.refresh()
    over = lambda: page.all("[data-test=my-ended-room]")
    page.wait(lambda: len(over()) == 10, "the first page of what is over is open")
    assert f"Show {PAST - 1}" in over()[0].text, "the newest first"
    page.click("my-ended-more")
    page.wait(lambda: len(over()) == PAST + 1, "all of them")
    assert not page.find("my-ended-more").is_displayed()
    assert "Evening show" in over()[-1].text
    over()[-1].find_element("css selector", "a").click()
    page.wait_shown("summary")
    page.reads("room-title", "Evening show")


def test_others_see_none_of_it(mixd, browsers, devices):
    page = Studio(browsers.open(chromium, devices[0]), mixd.url)
    page.create_room("Ann", "Evening show")
    page.enter_as("Ben")
    page.wait_shown("rooms-empty")
    assert not page.find("my-rooms").is_displayed()
