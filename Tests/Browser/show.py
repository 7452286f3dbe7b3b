"""A show that several tests use, and people in it who need no browser."""

from dataclasses import dataclass, field
import itertools

import requests

from pages import Studio, Watch
from servers import Mixd

NAMES = itertools.count(1)


@dataclass
class Person:
    """Somebody who uses the HTTP API."""

    mixd: Mixd
    id: str
    name: str
    token: str

    def call(self, method: str, path: str, body: dict | None = None) -> dict:
        return self.mixd.call(method, path, body, self.token)

    def refusal(self, method: str, path: str, body: dict | None = None) -> str:
        """The code with which the server says no."""
        response = requests.request(method, f"{self.mixd.url}/api/v1{path}", json=body, timeout=10,
                                    headers={"Authorization": f"Bearer {self.token}"})
        assert not response.ok, f"{method} {path}: {response.status_code}"
        return response.json()["error"]["code"]


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
