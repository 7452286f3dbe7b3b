"""Rooms and people that fill the pages: hosts without a browser, their audience, chat, gifts, a rival."""

import asyncio
from dataclasses import dataclass
import threading
import time

from fake_media import HOST_TONE
from pages import Page
from peers import WHIPPublisher
from servers import OPERATING, OPERATOR, Mixd
from show import Person, guest

SETTINGS = {**OPERATING, "MIXD_LINKS_ANSWER_SECONDS": "60"}

ROOMS = [
    ("李雷", "深夜电台：聊聊城市的声音", "chat", ["电台", "夜聊"], (150, 110, 150)),
    ("Marta", "Sourdough from scratch", "life", ["baking"], (170, 100, 170)),
    ("Kenji", "Speedrun practice, day 41", "games", ["retro", "speedrun"], (90, 170, 110)),
    ("韩梅梅", "云南徒步第三天", "outdoor", ["徒步", "云南"], (130, 90, 90)),
]

LINES = [
    ("Ben", "text", "Hello from Berlin!"), ("晓雨", "danmaku", "主播唱得真好听 666"),
    ("Zoë", "text", "Is that a real piano? It sounds wonderful from here."), ("阿强", "danmaku", "前排围观"),
    ("Ben", "text", "The left hand in the second part was great"),
]


@dataclass
class Host:
    person: Person
    room: str
    publisher: WHIPPublisher


class Scenery:
    """Hosts publish from a thread of their own, so that the tour may take its time."""

    def __init__(self, mixd: Mixd):
        self.mixd = mixd
        self.hosts: list[Host] = []
        self.people: dict[str, Person] = {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    @property
    def rival(self) -> Host:
        return self.hosts[0]

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = guest(self.mixd, name)
        return self.people[name]

    def raise_curtain(self, rooms: list[tuple] = ROOMS) -> None:
        for name, title, category, tags, colour in rooms:
            host = self.person(name)
            video = {"width": 640, "height": 360, "frameRate": 15}
            room = host.call("POST", "/rooms", {"title": title, "category": category, "tags": tags, "video": video})
            publisher = WHIPPublisher(f"{self.mixd.url}/whip/{room['id']}", host.token)
            self._run(publisher.publish(colour, HOST_TONE))
            self.hosts.append(Host(host, room["id"], publisher))

    def chatter(self, room: str) -> None:
        for name, kind, text in LINES:
            self.person(name).call("POST", f"/rooms/{room}/messages", {"kind": kind, "text": text})
        self.person("晓雨").call("POST", f"/rooms/{room}/likes", {"count": 20})
        self.person("阿强").call("POST", f"/rooms/{room}/gifts", {"giftId": "rose", "count": 10})
        time.sleep(1)

    def apply(self, room: str, message: str) -> None:
        self.person("Zoë").call("POST", f"/rooms/{room}/applications", {"media": "audio", "message": message})

    def help(self, room: str, host: Page, helper: Page) -> None:
        """The host makes somebody an admin, and mutes somebody else."""
        user = host.user()
        person = Person(self.mixd, user["userId"], user["name"], user["token"])
        person.call("PUT", f"/rooms/{room}/admins/{helper.user()['userId']}")
        person.call("PUT", f"/rooms/{room}/mutes/{self.person('阿强').id}", {"seconds": 3600, "reason": "刷屏"})

    def challenge(self, room: str) -> str:
        body = {"roomId": room, "battle": {"duration": 180}}
        return self.rival.person.call("POST", f"/rooms/{self.rival.room}/links", body)["id"]

    def withdraw(self, link: str) -> None:
        self.rival.person.call("POST", f"/rooms/{self.rival.room}/links/{link}/cancel")

    def accept(self) -> None:
        links = self.rival.person.call("GET", f"/rooms/{self.rival.room}/links")["links"]
        pending = next(link for link in links if link["state"] == "pending")
        self.rival.person.call("POST", f"/rooms/{self.rival.room}/links/{pending['id']}/accept")

    def cheer(self, room: str) -> None:
        self.person("Ben").call("POST", f"/rooms/{room}/gifts", {"giftId": "heart", "count": 30})
        self.person("Zoë").call("POST", f"/rooms/{self.rival.room}/gifts", {"giftId": "rose", "count": 21})

    def furnish(self) -> None:
        """What an operator's lists may hold."""
        session = self.mixd.call("POST", "/sessions/login", {"name": OPERATOR[0], "password": OPERATOR[1]})
        operator = Person(self.mixd, session["userId"], OPERATOR[0], session["token"])
        operator.call("PUT", f"/bans/{guest(self.mixd, 'Spam Bot').id}", {"reason": "advertising"})
        operator.call("POST", "/api-keys", {"name": "Shop backend"})
        operator.call("POST", "/webhooks", {"url": "http://127.0.0.1:9/mixd", "events": ["room.*", "stage.*"]})

    def strike(self) -> None:
        for host in self.hosts:
            self._run(host.publisher.connection.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)
