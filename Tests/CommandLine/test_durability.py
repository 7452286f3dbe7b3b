"""The server is killed at random moments: it is back in seconds, and everything it has acknowledged is there.

`MIXD_KILLS=100` kills it a hundred times.
"""

import os
import random
import shutil
import sqlite3
import threading
import time

import requests

from commands import Running
from ledger import Ledger
from servers import free_port

PACE = 0.1
"""Seconds until one more change may be made after too many at once."""

KILLS = int(os.environ.get("MIXD_KILLS", "15"))
CLIENTS = 6
READY_SECONDS = 5
# An accepted applicant has 30 s to publish, through any number of restarts; less what a check may take.
SEAT_SECONDS = 20


class Killed(Exception):
    """The server does not answer any more."""


# What the host sets, the first value from the beginning on. There is always room for the guests.
SETTINGS = {
    "slowMode": [0, 5, 30], "muteAll": [False, True], "stage": [8, 6, 7], "requestTimeout": [30, 60],
    "applications": ["open", "closed"], "wordFilter": [[], ["spam"], ["spam", "广告"]],
}
LOCKED_SEAT = 5


class Show:
    """A host with a room, and the people in it. Nobody else touches this room, so what it must be like is known."""

    def __init__(self, base: str, seed: int):
        self.base, self.chance, self.ledger, self.number = base, random.Random(seed), Ledger(), 0
        self.host = self.room = None
        self.guests: list[dict] = []
        self.messages: list[str] = []
        # Who waits by what application, and who was accepted when, as far as the server has said so.
        self.applications: dict[str, str] = {}
        self.seated: dict[str, float] = {}

    def send(self, method: str, path: str, body: dict | None = None, by: dict | None = None):
        headers = {"Authorization": f"Bearer {by['token']}"} if by else {}
        try:
            while True:
                answer = requests.request(method, f"{self.base}/api/v1{path}", json=body, headers=headers, timeout=10)
                if answer.status_code != 429 or answer.json()["error"]["code"] != "request.too-often":
                    return answer
                time.sleep(PACE)
        except requests.RequestException as error:
            raise Killed from error

    def change(self, thing, value, method: str, path: str, body: dict | None = None) -> None:
        """By the host; the server may refuse it for its own reasons, never for ours."""
        self.ledger.ask(thing, value)
        answer = self.send(method, path, body, self.host)
        if answer.ok:
            self.ledger.acknowledge(thing, value)
        else:
            assert answer.status_code == 429, f"{method} {path}: {answer.status_code} {answer.text}"
            self.ledger.refuse(thing, value)

    # What people do

    def step(self) -> None:
        if self.room is None:
            self.open()
        else:
            self.chance.choice([
                self.rename, self.set, self.lock, self.say, self.erase, self.mute, self.ban, self.appoint, self.apply,
                self.apply, self.answer, self.push, self.end])()

    def open(self) -> None:
        self.host = self.sign_in("Host")
        self.guests = [self.sign_in(f"Guest {index}") for index in range(3)]
        answer = self.send("POST", "/rooms", {"title": "First"}, self.host)
        assert answer.status_code == 201, answer.text
        self.room, self.messages, self.applications, self.seated = answer.json()["id"], [], {}, {}
        self.ledger.acknowledge((self.room, "ended"), False)
        for name, value in SETTINGS.items():
            self.ledger.acknowledge((self.room, name), value[0])
        self.ledger.acknowledge((self.room, "title"), "First")
        self.ledger.acknowledge((self.room, "notice"), "")
        self.ledger.acknowledge((self.room, "locked"), False)

    def sign_in(self, name: str) -> dict:
        answer = self.send("POST", "/sessions", {"name": name})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def path(self, rest: str) -> str:
        return f"/rooms/{self.room}{rest}"

    def rename(self) -> None:
        self.number += 1
        name = self.chance.choice(["title", "notice"])
        text = f"{name} {self.number}"
        self.change((self.room, name), text, "PATCH", self.path(""), {name: text})

    def set(self) -> None:
        name = self.chance.choice(list(SETTINGS))
        value = self.chance.choice(SETTINGS[name])
        self.change((self.room, name), value, "PATCH", self.path(""), {"settings": {name: value}})

    def lock(self) -> None:
        locked = self.chance.random() < 0.5
        self.change((self.room, "locked"), locked, "PUT", self.path(f"/seats/{LOCKED_SEAT}"), {"locked": locked})

    def apply(self) -> None:
        guest = self.chance.choice(self.guests)
        answer = self.send("POST", self.path("/applications"), {"media": "video"}, guest)
        if answer.status_code == 201:
            self.applications[answer.json()["id"]] = guest["userId"]
        else:
            # He waits already, is on stage, came a moment ago, or may not be here.
            assert answer.status_code in (403, 409, 429), f"{answer.status_code} {answer.text}"

    def answer(self) -> None:
        if not self.applications:
            return
        name = self.chance.choice(list(self.applications))
        # Whether it has an answer is unknown until the server has said so.
        user, verdict = self.applications.pop(name), self.chance.choice(["accept", "accept", "reject"])
        answer = self.send("POST", self.path(f"/applications/{name}/{verdict}"), by=self.host)
        assert answer.ok, f"{verdict}: {answer.status_code} {answer.text}"
        if verdict == "accept":
            self.seated[user] = time.monotonic()

    def say(self) -> None:
        answer = self.send("POST", self.path("/messages"), {"kind": "text", "text": "hello"}, self.host)
        if answer.status_code == 429:
            return
        assert answer.status_code == 201, answer.text
        name = answer.json()["id"]
        self.messages = [*self.messages, name][-100:]
        self.ledger.acknowledge((self.room, "message", name), True)

    def erase(self) -> None:
        there = [name for name in self.messages if self.ledger.allowed[(self.room, "message", name)] == [True]]
        if there:
            name = self.chance.choice(there)
            self.change((self.room, "message", name), False, "DELETE", self.path(f"/messages/{name}"))

    def mute(self) -> None:
        self.sanction("mutes", {"reason": "loud"})

    def ban(self) -> None:
        self.sanction("bans", {"seconds": 3600})

    def appoint(self) -> None:
        self.sanction("admins", None)

    def sanction(self, what: str, body: dict | None) -> None:
        user = self.chance.choice(self.guests)["userId"]
        key, on = (self.room, what, user), self.chance.random() < 0.6
        self.ledger.allowed.setdefault(key, [False])
        if what == "admins" and self.ledger.allowed.get((self.room, "bans", user), [False]) != [False]:
            return
        if what != "admins" and self.ledger.allowed.get((self.room, "admins", user), [False]) != [False]:
            return
        if self.ledger.allowed[key] == [on]:
            return
        if what == "bans" and on:
            self.seated.pop(user, None)
            self.applications = {name: other for name, other in self.applications.items() if other != user}
        self.change(key, on, "PUT" if on else "DELETE", self.path(f"/{what}/{user}"), body if on else None)

    def push(self) -> None:
        # Nobody listens there: the push is retried for ever.
        answer = self.send("POST", self.path("/outputs"), {"url": "rtmp://127.0.0.1:1/live/key"}, self.host)
        if answer.status_code == 201:
            self.ledger.acknowledge((self.room, "output", answer.json()["id"]), True)
        else:
            assert answer.json()["error"]["code"] in ("output.limit", "media.unavailable"), answer.text

    def end(self) -> None:
        if self.chance.random() < 0.2:
            self.change((self.room, "ended"), True, "DELETE", self.path(""))
            if self.ledger.allowed[(self.room, "ended")] == [True]:
                self.room = None

    # What must be left of it

    def check(self) -> None:
        rooms = {key[0] for key in self.ledger.allowed}
        for room in rooms:
            body = self.send("GET", f"/rooms/{room}", by=self.host).json()
            self.ledger.check((room, "ended"), body["status"] == "ended")
            self.ledger.check((room, "title"), body["title"])
            if body["status"] == "ended":
                self.forget(room)
            else:
                self.ledger.check((room, "notice"), body["notice"])
                for name in SETTINGS:
                    self.ledger.check((room, name), body["settings"][name])
                self.check_lists(room)
                self.check_stage(room)

    def check_stage(self, room: str) -> None:
        seats = self.list(room, "seats")
        self.ledger.check((room, "locked"), seats[LOCKED_SEAT]["state"] == "locked")
        there = {seat.get("userId") for seat in seats}
        for user, accepted in self.seated.items():
            assert time.monotonic() - accepted > SEAT_SECONDS or user in there, f"{user} has lost his promised seat"
        for name in self.applications:
            answer = self.send("POST", f"/rooms/{room}/applications/{name}/accept", by=self.host)
            # Cancelled by the restart, and not forgotten.
            assert answer.json()["error"]["code"] == "application.closed", answer.text
            self.ledger.promises += 1
        self.applications = {}

    def check_lists(self, room: str) -> None:
        for what, field in (("mutes", "userId"), ("bans", "userId"), ("admins", "userId")):
            there = {entry.get(field) or entry.get("id") for entry in self.list(room, what)}
            for user in [key[2] for key in self.ledger.allowed if key[:2] == (room, what)]:
                self.ledger.check((room, what, user), user in there)
        there = {entry["id"] for entry in self.list(room, "messages?limit=200")}
        for name in self.messages:
            self.ledger.check((room, "message", name), name in there)
        there = {entry["id"] for entry in self.list(room, "outputs")}
        for name in [key[2] for key in self.ledger.allowed if key[:2] == (room, "output")]:
            self.ledger.check((room, "output", name), name in there)

    def list(self, room: str, what: str) -> list[dict]:
        answer = self.send("GET", f"/rooms/{room}/{what}", by=self.host)
        assert answer.ok, f"{what}: {answer.status_code} {answer.text}"
        return answer.json()[what.split("?")[0]]

    def forget(self, room: str) -> None:
        """An ended room is looked at once more after each restart, but its lists are gone."""
        self.ledger.allowed = {
            key: value for key, value in self.ledger.allowed.items()
            if key[0] != room or key[1] in ("ended", "title")}
        if room == self.room:
            self.room = None


class Client(threading.Thread):
    """Does one thing after the other until the server is gone; keeps what went wrong besides that."""

    def __init__(self, show: Show):
        super().__init__(daemon=True)
        self.show, self.failure, self.steps = show, None, 0

    def run(self) -> None:
        try:
            while True:
                self.show.step()
                self.steps += 1
        except Killed:
            pass
        except BaseException as error:
            self.failure = error


def start_server(directory, data, http: str) -> tuple[Running, float]:
    """Returns how many seconds it took until the server was ready."""
    started = time.monotonic()
    server = Running(
        directory, "serve", "--http", http, "--media", "127.0.0.1:0", "--data", data,
        environment={"MIXD_OUTPUTS_ALLOW_PRIVATE": "true"})

    def ready():
        try:
            return requests.get(f"http://{http}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    server.wait_for(ready, "the server is ready", READY_SECONDS + 5)
    return server, time.monotonic() - started


def check_database(data, scratch) -> None:
    """On a copy: opening the original would repair what the server has to repair itself."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for file in data.glob("mixd.sqlite*"):
        shutil.copy(file, scratch / file.name)
    with sqlite3.connect(scratch / "mixd.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path, note):
    data, http, chance = tmp_path / "data", f"127.0.0.1:{free_port()}", random.Random(4)
    shows = [Show(f"http://{http}", seed) for seed in range(CLIENTS)]
    slowest, steps = 0.0, 0
    server, _ = start_server(tmp_path / "run", data, http)
    try:
        for round in range(KILLS):
            clients = [Client(show) for show in shows]
            for client in clients:
                client.start()
            # A moment nobody has chosen: also before the first answer, and in the middle of many.
            time.sleep(chance.uniform(0.01, 1.5))
            server.kill()
            for client in clients:
                client.join(30)
                assert not client.is_alive() and client.failure is None, client.failure
                steps += client.steps
            check_database(data, tmp_path / "copy")
            server, seconds = start_server(tmp_path / f"run{round}", data, http)
            slowest = max(slowest, seconds)
            assert seconds < READY_SECONDS, f"ready after {seconds:.1f} s"
            for show in shows:
                show.check()
        assert server.end()[0] == 0, server.tail()
    finally:
        server.kill()
    promises = sum(show.ledger.promises for show in shows)
    assert steps > KILLS and promises > KILLS, "hardly anything was acknowledged"
    note(f"{KILLS} kills: {promises} acknowledged changes kept, ready again after {slowest:.1f} s at most")
