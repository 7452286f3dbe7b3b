"""A show that several tests use, and people in it who need no browser."""

from dataclasses import dataclass, field
import itertools
import json

import requests
from selenium.webdriver.remote.webdriver import WebDriver

from pages import Studio, Watch
from servers import OPERATOR, Mixd

NAMES = itertools.count(1)

COOL_DOWN = 3.2
"""Seconds after a request to come on stage, or for a battle, until the next one may be made."""

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
"""Enough of an offer to be told whether one may."""


@dataclass
class Person:
    """Somebody who uses the HTTP API."""

    mixd: Mixd
    id: str
    name: str
    token: str

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        return self.mixd.call(method, path, body, self.token)

    def attempt(self, method: str, path: str, body: dict | None = None) -> str | None:
        """The code with which the server says no, or nothing."""
        return refusal_code(requests.request(
            method, f"{self.mixd.url}/api/v1{path}", json=body, timeout=10, headers=self.headers))

    def refusal(self, method: str, path: str, body: dict | None = None) -> str:
        code = self.attempt(method, path, body)
        assert code, f"{method} {path} was allowed"
        return code

    def media_refusal(self, endpoint: str, room: str) -> str:
        """Why he may not publish (`whip`) or watch (`whep`) in a room."""
        code = refusal_code(requests.post(
            f"{self.mixd.url}/{endpoint}/{room}", data=OFFER, timeout=10,
            headers={**self.headers, "Content-Type": "application/sdp"}))
        assert code, f"{endpoint} was allowed"
        return code

    def delivery_states(self, webhook: str) -> list[str]:
        """What became of each delivery of an operator's webhook."""
        return [one["state"] for one in self.call("GET", f"/webhooks/{webhook}/deliveries")["deliveries"]]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def refusal_code(response: requests.Response) -> str | None:
    return None if response.ok else response.json()["error"]["code"]


def operator(mixd: Mixd) -> Person:
    session = mixd.call("POST", "/sessions/login", dict(zip(("name", "password"), OPERATOR)))
    return Person(mixd, session["userId"], OPERATOR[0], session["token"])


def guest(mixd: Mixd, name: str | None = None) -> Person:
    name = name or f"Guest {next(NAMES)}"
    session = mixd.call("POST", "/sessions", {"name": name})
    return Person(mixd, session["userId"], name, session["token"])


@dataclass
class Show:
    mixd: Mixd
    studio: Studio
    watch: Watch
    room: str
    people: list[Person] = field(default_factory=list)
    absent: dict | None = None
    """The sign-in of the host whose browser was killed."""

    @property
    def path(self) -> str:
        return f"/rooms/{self.room}"

    @property
    def host(self) -> Person:
        user = self.studio.user()
        return Person(self.mixd, user["userId"], user["name"], user["token"])

    @property
    def viewer(self) -> Person:
        user = self.watch.user()
        return Person(self.mixd, user["userId"], user["name"], user["token"])

    def settle(self, **settings) -> None:
        """Changes settings of the room."""
        self.host.call("PATCH", self.path, {"settings": settings})

    def return_host(self, driver: WebDriver, session: dict) -> None:
        """The host goes on in another browser, with the sign-in he had."""
        self.studio = Studio(driver, self.mixd.url)
        self.studio.prepare()
        driver.execute_script("localStorage.setItem('mixd.session', arguments[0])", json.dumps(session))
        driver.get(f"{self.mixd.url}/studio/{self.room}")
        self.studio.go_live()
