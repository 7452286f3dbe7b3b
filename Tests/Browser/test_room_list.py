"""The list of rooms of a platform with 250 of them, page by page over HTTP.

Shows of the acceptance table: row 8 (twenty pages without doubles and gaps while rooms come, go and change places; search).
What the lobby makes of the list: `test_lobby.py`.
"""

from dataclasses import dataclass

import pytest
import requests

from servers import Mixd
from show import Person, guest

ROOMS, PAGE = 250, 12


@dataclass
class Room:
    host: Person
    id: str
    title: str

    def end(self) -> None:
        self.host.call("DELETE", f"/rooms/{self.id}")


def make_room(mixd: Mixd, name: str) -> Room:
    """Each has a host of its own."""
    host = guest(mixd, f"Host of {name}")
    title = f"Room {name}"
    return Room(host, host.call("POST", "/rooms", {"title": title})["id"], title)


@pytest.fixture(scope="module")
def rooms(shared_mixd):
    return [make_room(shared_mixd, f"{number:03}") for number in range(ROOMS)]


def ask(mixd: Mixd, **query) -> dict:
    answer = requests.get(f"{mixd.url}/api/v1/rooms", params=query, timeout=10)
    assert answer.ok, answer.text
    return answer.json()


def ids(answer: dict) -> list[str]:
    return [room["id"] for room in answer["rooms"]]


@pytest.mark.parametrize("sort", ["newest", "hottest"])
def test_pages_have_neither_doubles_nor_gaps_while_rooms_come_and_go(shared_mixd, rooms, sort):
    answer, passing = ask(shared_mixd, sort=sort, limit=PAGE), []
    seen, pages = ids(answer), 1
    while answer["next"]:
        passing.append(make_room(shared_mixd, f"passing {pages}"))
        if pages % 2 == 0:
            passing.pop(0).end()
        liked = rooms[pages * 7 % ROOMS]
        liked.host.call("POST", f"/rooms/{liked.id}/likes", {"count": 20})
        answer = ask(shared_mixd, sort=sort, limit=PAGE, cursor=answer["next"])
        seen += ids(answer)
        pages += 1
    assert pages >= 20
    assert len(seen) == len(set(seen)), "a room is on two pages"
    assert not {room.id for room in rooms} - set(seen), "a room is on no page"
    for room in passing:
        room.end()


def test_the_newest_come_first_and_the_most_liked_are_hottest(shared_mixd, rooms):
    newest = [room.id for room in reversed(rooms)]
    assert ids(ask(shared_mixd, sort="newest", limit=100)) == newest[:100]
    for room, count in zip((rooms[40], rooms[140], rooms[90]), (3, 2, 1)):
        for _ in range(count):
            guest(shared_mixd).call("POST", f"/rooms/{room.id}/likes", {"count": 20})
    fresh = ask(shared_mixd, sort="hottest", limit=100)["rooms"]
    likes = [room["likes"] for room in fresh]
    assert likes == sorted(likes, reverse=True), "no room is liked more than the one before it"


def test_search_finds_a_room_that_is_on_no_first_page(shared_mixd, rooms):
    wanted = rooms[20]
    for words in (wanted.title, wanted.title.upper(), wanted.host.name, wanted.id):
        assert ids(ask(shared_mixd, q=words)) == [wanted.id], words
    assert ids(ask(shared_mixd, host=wanted.host.id)) == [wanted.id]
    assert ids(ask(shared_mixd, q="Nowhere")) == []


def test_nobody_is_live_without_media(shared_mixd, rooms):
    assert ids(ask(shared_mixd, status="live")) == []
    rooms[-1].end()
    assert rooms[-1].id not in ids(ask(shared_mixd, limit=100))
    assert rooms[-1].id in ids(ask(shared_mixd, status="ended", limit=100))
