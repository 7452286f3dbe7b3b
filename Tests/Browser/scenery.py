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
from sockets import Listener

SETTINGS = {**OPERATING, "MIXD_LINKS_ANSWER_SECONDS": "60"}

ROOMS = [
    ("李雷", "深夜电台：聊聊城市的声音", "chat", ["电台", "夜聊"], (150, 110, 150)),
    ("Marta", "Sourdough from scratch", "life", ["baking"], (170, 100, 170)),
    ("Maximiliane von der Hohenleuchte", "Everything you never dared to ask about synths", "learning",
     ["synthesisers", "eurorack", "modular", "beginners"], (110, 140, 130)),
]

TALL = ("韩梅梅", "云南徒步第三天", "outdoor", ["徒步", "云南"], (130, 90, 90))
"""A portrait room."""

LINES = [
    ("Ben", "text", "Hello from Berlin!"), ("晓雨", "danmaku", "主播唱得真好听 666"),
    ("Zoë", "text", "Is that a real piano? It sounds wonderful from here."), ("阿强", "danmaku", "前排围观"),
    ("Ben", "text", "The left hand in the second part was great"),
    ("Maximiliane von der Hohenleuchte", "text", "https://example.org/a/very/long/address/without/any/space"),
    ("Spammer", "text", "Cheap watches, only today"),
]

ANNOUNCEMENT = "今晚的安排：\n20:00 点歌\n21:00 连麦合唱"


@dataclass
class Host:
    person: Person
    room: str
    colour: tuple
    publisher: WHIPPublisher | None = None


class Scenery:
    """Hosts publish from a thread of their own, so that the tour may take its time."""

    def __init__(self, mixd: Mixd):
        self.mixd = mixd
        self.hosts: list[Host] = []
        self.listeners: list[Listener] = []
        self.people: dict[str, Person] = {}
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    @property
    def rival(self) -> Host:
        return self.hosts[0]

    @property
    def tall(self) -> Host:
        return self.hosts[-1]

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = guest(self.mixd, name)
        return self.people[name]

    def raise_curtain(self, shows: list = ROOMS, tall: bool = True) -> None:
        for show in shows:
            self._open(*show, width=640, height=360)
        if tall:
            self._open(*TALL, width=360, height=640)

    def _open(self, name: str, title: str, category: str, tags: list[str], colour: tuple, **size: int) -> None:
        host = self.person(name)
        video = {**size, "frameRate": 15}
        room = host.call("POST", "/rooms", {"title": title, "category": category, "tags": tags, "video": video})
        self.hosts.append(Host(host, room["id"], colour))
        self._publish(self.hosts[-1])

    def _publish(self, host: Host) -> None:
        host.publisher = WHIPPublisher(f"{self.mixd.url}/whip/{host.room}", host.person.token)
        self._run(host.publisher.publish(host.colour, HOST_TONE))

    def come_back(self) -> None:
        """Hosts without a browser do not begin anew by themselves when nothing was heard for long."""
        for host in self.hosts:
            self._run(host.publisher.connection.close())
            self._publish(host)

    def attend(self, room: str) -> None:
        """They stay until the end, and most of them never say a word."""
        names = {name for name, _, _ in LINES} - {"Spammer"} | {"Noisy", "安静的观众"}
        self.listeners = [Listener(self.person(name), room) for name in sorted(names)]

    def chatter(self, room: str, host: Page) -> None:
        for name, kind, text in LINES:
            self.person(name).call("POST", f"/rooms/{room}/messages", {"kind": kind, "text": text})
        self.behind(host).call("POST", f"/rooms/{room}/announcements", {"text": ANNOUNCEMENT})
        self.person("晓雨").call("POST", f"/rooms/{room}/likes", {"count": 20})
        self.person("阿强").call("POST", f"/rooms/{room}/gifts", {"giftId": "rose", "count": 10})
        time.sleep(1)

    def apply(self, room: str, message: str) -> None:
        """Unless she waits already."""
        self.person("Zoë").attempt("POST", f"/rooms/{room}/applications", {"media": "audio", "message": message})

    def be_patient(self, room: str, host: Page) -> None:
        """Pictures take their time, on a busy machine more than a request waits."""
        self.behind(host).call("PATCH", f"/rooms/{room}", {"settings": {"requestTimeout": 60}})

    def help(self, room: str, host: Page, helper: Page) -> None:
        """The host makes somebody an admin, and mutes somebody else; so does the admin."""
        mute = {"seconds": 3600, "reason": "刷屏"}
        self.behind(host).call("PUT", f"/rooms/{room}/admins/{helper.user()['userId']}")
        self.behind(host).call("PUT", f"/rooms/{room}/mutes/{self.person('阿强').id}", mute)
        self.behind(helper).call("PUT", f"/rooms/{room}/mutes/{self.person('Noisy').id}", mute)
        self.behind(host).call("PUT", f"/rooms/{room}/bans/{self.person('Spammer').id}", {"reason": "Links"})

    def ask(self, room: str, host: Page) -> None:
        """Two of the audience are asked to come on stage, the one by voice."""
        for name, media in (("Maximiliane von der Hohenleuchte", "video"), ("晓雨", "audio")):
            body = {"userId": self.person(name).id, "media": media}
            self.behind(host).call("POST", f"/rooms/{room}/invitations", body)

    def invite(self, room: str, host: Page, guest: Page) -> None:
        self.behind(host).call("POST", f"/rooms/{room}/invitations", {"userId": guest.user()["userId"]})

    def silence(self, room: str, host: Page, guest: Page, on: bool) -> None:
        path = f"/rooms/{room}/mutes/{guest.user()['userId']}"
        if on:
            self.behind(host).call("PUT", path, {"seconds": 600})
        else:
            self.behind(host).call("DELETE", path)

    def ban(self, room: str, host: Page, guest: Page) -> None:
        self.behind(host).call("PUT", f"/rooms/{room}/bans/{guest.user()['userId']}")

    def behind(self, page: Page) -> Person:
        """Who uses that page."""
        user = page.user()
        return Person(self.mixd, user["userId"], user["name"], user["token"])

    def challenge(self, room: str) -> str:
        body = {"roomId": room, "battle": {"duration": 180}}
        return self.rival.person.call("POST", f"/rooms/{self.rival.room}/links", body)["id"]

    def withdraw(self, link: str) -> None:
        """Unless it has run out meanwhile."""
        self.rival.person.attempt("POST", f"/rooms/{self.rival.room}/links/{link}/cancel")

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
        self.banned_room = self._waiting()
        operator.call("PUT", f"/room-bans/{self.banned_room}", {"reason": "Copyright"})
        operator.call("POST", "/api-keys", {"name": "Shop backend"})
        operator.call("POST", "/webhooks", {"url": "http://127.0.0.1:9/mixd", "events": ["room.*", "stage.*"]})

    def _waiting(self) -> str:
        return self.person("Zoë").call("POST", "/rooms", {"title": "Film night"})["id"]

    def strike(self) -> None:
        for listener in self.listeners:
            listener.close()
        for host in self.hosts:
            self._run(host.publisher.connection.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)
