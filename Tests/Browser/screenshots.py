"""Pictures of every page and its important states, in both languages, on a phone and on a desktop, and one in the dark.

What can be told without looking (`looks.py`) is printed below the name of each state, with how often it was found.

usage: screenshots.py FOLDER [STATE...]     (MIXD names the binary)

With beginnings of their names, only those states are taken; the way to them is the same.
"""

import base64
from collections import Counter
import html
import os
from pathlib import Path
import signal
import sys
import tempfile
import time

from browsers import Browsers, chromium
from fake_media import make_devices
from looks import flaws
from pages import Page, Studio, Watch
from scenery import OPERATOR, SETTINGS, Scenery
from servers import Mixd

SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
LONGEST = 3000
SETTLING = 0.4

PATIENCE = 120
"""Seconds that looking at a page may take on a busy machine."""

SPEAK = """
if (document.documentElement.lang !== arguments[0]) document.querySelector('#language').click();
for (const node of document.querySelectorAll('.toast')) node.remove();
"""

KEEP = "for (const node of document.querySelectorAll(`[data-test=${arguments[0]}]`)) node.hidden = false"

HAS_CAMERA = "return Boolean(document.querySelector('[data-test=preview]').srcObject)"

LOSE_CAMERA = """
const [track] = document.querySelector('[data-test=preview]').srcObject.getVideoTracks();
track.stop();
track.dispatchEvent(new Event('ended'));
"""


class Camera:
    """Takes the pictures of one folder."""

    def __init__(self, folder: Path, wanted: list[str]):
        self.folder = folder
        self.wanted = tuple(wanted)
        self.names = []
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, keep: str = "") -> None:
        """One state in all languages and sizes. What a dialog covers is not made longer than the window.

        `keep`: an element that is shown for a moment only.
        """
        if self.wanted and not name.startswith(self.wanted):
            return
        found = Counter()
        for size, (width, height) in SIZES.items():
            for language, code in LANGUAGES.items():
                self._resize(page, width, height)
                page.driver.execute_script(SPEAK, code)
                page.driver.execute_script(KEEP, keep or "none")
                if not page.all("dialog[open]"):
                    whole = page.driver.execute_script("return document.documentElement.scrollHeight")
                    self._resize(page, width, min(max(whole, height), LONGEST))
                time.sleep(SETTLING)
                self._save(page, f"{name}-{language}-{size}.png")
                found.update(f"{size}: {flaw}" for flaw in flaws(page, touch=size == "phone"))
        self._darken(page, True)
        time.sleep(SETTLING)
        self._save(page, f"{name}-en-phone-dark.png")
        found.update(f"dark: {flaw}" for flaw in flaws(page, touch=False))
        self._darken(page, False)
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.driver.execute_script(SPEAK, LANGUAGES["en"])
        print(name, *(f"    {count}× {flaw}" for flaw, count in sorted(found.items())), sep="\n", flush=True)

    @staticmethod
    def _darken(page: Page, dark: bool) -> None:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    @staticmethod
    def _resize(page: Page, width: int, height: int) -> None:
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def _save(self, page: Page, name: str) -> None:
        picture = page.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        (self.folder / name).write_bytes(base64.b64decode(picture["data"]))
        self.names.append(name)

    def index(self) -> None:
        """A page to look through them."""
        figures = "".join(
            f'<figure><img src="{html.escape(name)}" height="420"><figcaption>{html.escape(name)}</figcaption></figure>'
            for name in self.names)
        style = "body{display:flex;flex-wrap:wrap;gap:12px;font:13px sans-serif}figure{margin:0}"
        (self.folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}")


class Tour:
    """Goes through the pages in the order of an evening."""

    def __init__(self, mixd: Mixd, scenery: Scenery, camera: Camera, browsers: Browsers, devices):
        self.mixd, self.scenery, self.camera = mixd, scenery, camera
        self.studio = Studio(browsers.open(chromium, devices[0]), mixd.url)
        self.watch = Watch(browsers.open(chromium, devices[1]), mixd.url)
        for page in (self.studio, self.watch):
            page.driver.set_script_timeout(PATIENCE)

    def go(self) -> None:
        for scene in (self.arrival, self.preparation, self.lobby, self.show, self.stage, self.windows, self.moderation,
                      self.helping, self.audience, self.battle, self.absence, self.endings, self.looking_back,
                      self.operating, self.reading):
            scene()

    def arrival(self) -> None:
        self.studio.prepare()
        self.studio.driver.refresh()
        self.studio.wait_shown("rooms-empty")
        self.camera.take(self.studio, "lobby-empty")
        self.studio.click("account")
        self.camera.take(self.studio, "account-sign-in")
        self.studio.type("account-name", "nobody")
        self.studio.type("account-password", "wrong password")
        self.studio.click("account-submit")
        self.studio.wait_shown("account-error")
        self.camera.take(self.studio, "account-error")
        self.studio.click("tab-register")
        self.camera.take(self.studio, "account-register")
        self.studio.driver.refresh()
        self.studio.register("Ann-2026", "correct horse")
        self.studio.click("account")
        self.camera.take(self.studio, "account-menu")
        self.studio.click("choose-password")
        self.camera.take(self.studio, "account-password")
        self.studio.driver.refresh()

    def preparation(self) -> None:
        self.room = self.studio.create_room("", "晚间音乐会 Evening concert")
        self.studio.wait(lambda: self.studio.find("go-live").is_enabled(), "the camera is there")
        self.camera.take(self.studio, "studio-prepare")
        self.studio.click("tab-room")
        self.studio.type("detail-notice", "今晚八点开始点歌\nRequests from eight o'clock on")
        self.studio.type("detail-tags", "piano live 爵士")
        self.studio.choose("detail-category", "music")
        self.studio.click("save-details")
        self.camera.take(self.studio, "studio-room")
        self.studio.click("tab-prepare")
        self.studio.click("end-live")
        self.camera.take(self.studio, "studio-end")
        self.studio.click("dialog-no")
        self.studio.go_live()
        self.studio.wait_for_program()

    def lobby(self) -> None:
        self.scenery.raise_curtain()
        self.watch.enter_as("小明 Ming")
        self.watch.wait(lambda: len(self.watch.all("[data-test=room]")) >= 4, "the rooms are listed")
        self.camera.take(self.watch, "lobby")
        self.watch.type("search", "nothing like this")
        self.watch.wait_shown("rooms-nothing")
        self.camera.take(self.watch, "lobby-nothing")

    def show(self) -> None:
        self.watch.open(self.room)
        self.watch.wait_for_program()
        self.scenery.chatter(self.room, self.studio)
        self.camera.take(self.watch, "watch")
        self.camera.take(self.studio, "studio-live")
        self.watch.click("gift")
        self.camera.take(self.watch, "watch-gifts")
        self.watch.click("gift-give")
        self.watch.click("gift-close")
        for seat in (3, 5):
            self.studio.click(f"seat-{seat}")
        self.watch.wait(lambda: len(self.watch.all(".seat[data-state=locked]")) == 2, "the locks are seen")
        self.camera.take(self.studio, "studio-seats")
        self.camera.take(self.watch, "watch-seats")
        for tab in ("push", "rules"):
            self.studio.click(f"tab-{tab}")
            self.camera.take(self.studio, f"studio-{tab}")
        self.studio.click("tab-layout")
        self.studio.record()
        self.camera.take(self.studio, "studio-recording")
        self.studio.stop_recording()
        self.camera.take(self.studio, "studio-recorded")
        self.studio.click("recording-play")
        self.studio.wait(lambda: self.studio.picture_size("video.recording-player")[0] > 0, "the recording plays")
        self.camera.take(self.studio, "studio-replay")
        self.studio.click("recording-close")

    def stage(self) -> None:
        self.scenery.be_patient(self.room, self.studio)
        self.watch.click("apply")
        self.watch.wait_shown("apply-send")
        self.camera.take(self.watch, "watch-prepare")
        self.watch.type("apply-message", "想和主播合唱一首")
        self.watch.click("apply-send")
        self.scenery.apply(self.room, "Can we talk about the second song?")
        self.camera.take(self.watch, "watch-waiting")
        self.camera.take(self.studio, "studio-applicants")
        self.studio.accept_first()
        self.watch.wait_for_tiles(2)
        self.camera.take(self.watch, "watch-on-stage")
        self.camera.take(self.studio, "studio-stage")
        self.studio.wait(lambda: self.studio.all("[data-test=mute]"), "a co-host is there")
        self.studio.click("mute")
        self.camera.take(self.watch, "watch-muted-by-host")
        self.studio.click("remove")
        self.camera.take(self.studio, "studio-remove")
        self.studio.click("dialog-yes")
        self.watch.wait_for_program()
        self.camera.take(self.watch, "watch-removed")
        self.scenery.invite(self.room, self.studio, self.watch)
        self.watch.wait_shown("dialog")
        self.camera.take(self.watch, "watch-invited")
        self.watch.click("dialog-yes")
        self.watch.wait_for_tiles(2)

    def windows(self) -> None:
        """Co-host and host go on in a second window each."""
        first = self._second_window(self.watch)
        self.watch.wait_shown("take-over")
        self.camera.take(self.watch, "watch-second-window")
        self.watch.click("take-over")
        self.watch.wait_shown("leave")
        second = self._see(self.watch, first)
        self.watch.wait_shown("take-over")
        self.camera.take(self.watch, "watch-replaced")
        self.watch.click("take-over")
        self.watch.wait_shown("leave")
        self._close(self.watch, second, first)
        self.watch.click("leave")
        self.watch.click("dialog-yes")
        self.watch.wait_for_program()
        first = self._second_window(self.studio)
        self.studio.wait(lambda: self.studio.find("go-live").is_enabled(), "the camera is there")
        self.camera.take(self.studio, "studio-second-window")
        self.studio.go_live()
        second = self._see(self.studio, first)
        self.studio.wait_shown("notice")
        self.camera.take(self.studio, "studio-replaced")
        self.studio.go_live()
        self._close(self.studio, second, first)
        self.studio.wait_for_program()

    @staticmethod
    def _second_window(page: Page) -> str:
        """Opens the same page once more; returns the first window."""
        first, address = page.driver.current_window_handle, page.driver.current_url
        page.driver.switch_to.new_window("tab")
        page.driver.get(address)
        return first

    @staticmethod
    def _see(page: Page, window: str) -> str:
        """Goes to that window; returns the one that was seen before."""
        before = page.driver.current_window_handle
        page.driver.switch_to.window(window)
        return before

    @staticmethod
    def _close(page: Page, window: str, other: str) -> None:
        page.driver.switch_to.window(window)
        page.driver.close()
        page.driver.switch_to.window(other)

    def moderation(self) -> None:
        self.studio.all("[data-test=person]")[0].click()
        self.camera.take(self.studio, "studio-person")
        self.studio.click("choose-mute")
        self.camera.take(self.studio, "studio-mute")
        self.studio.click("dialog-no")
        self.studio.all("[data-test=person]")[0].click()
        self.studio.click("choose-ban")
        self.camera.take(self.studio, "studio-ban")
        self.studio.click("dialog-no")
        self.scenery.silence(self.room, self.studio, self.watch, True)
        self.watch.wait_shown("chat-silence")
        self.camera.take(self.watch, "watch-muted")
        self.scenery.silence(self.room, self.studio, self.watch, False)

    def helping(self) -> None:
        """The viewer as an admin of the room."""
        self.scenery.help(self.room, self.studio, self.watch)
        self.watch.wait_shown("manage")
        self.scenery.apply(self.room, "One more song, please")
        self.watch.wait(lambda: self.watch.all("#applicants li"), "somebody waits")
        self.camera.take(self.watch, "watch-manage")
        for tab in ("people", "rules"):
            self.watch.click(f"tab-{tab}")
            self.camera.take(self.watch, f"watch-manage-{tab}")
        for name, state in (("阿强", "muted"), ("Spammer", "banned")):
            [node for node in self.watch.all("[data-test=person]") if node.text == name][-1].click()
            self.camera.take(self.watch, f"watch-person-{state}-by-host")
            self.watch.click("dialog-no")
        [node for node in self.studio.all("[data-test=person]") if node.text == "Spammer"][-1].click()
        self.camera.take(self.studio, "studio-person-banned")
        self.studio.click("dialog-no")

    def audience(self) -> None:
        """Who is there, who is asked to come on stage, and who asks."""
        self.scenery.attend(self.room)
        self.studio.click("tab-audience")
        self.studio.wait(lambda: len(self.studio.all("[data-test=audience-person]")) > 4, "they are listed")
        self.scenery.apply(self.room, "One more song, please")
        self.scenery.ask(self.room, self.studio)
        self.studio.wait(lambda: len(self.studio.all("[data-test=sent-invitation]")) == 2, "the invitations are listed")
        self.studio.contains("audience", "Invited")
        self.camera.take(self.studio, "studio-audience")
        self.watch.click("tab-audience")
        self.watch.wait(lambda: len(self.watch.all("[data-test=audience-person]")) > 4, "they are listed")
        self.camera.take(self.watch, "watch-audience")
        self.watch.click("tab-applicants")
        self.studio.click("tab-layout")

    def battle(self) -> None:
        link = self.scenery.challenge(self.room)
        self.studio.wait_shown("dialog")
        self.camera.take(self.studio, "studio-challenged")
        self.scenery.withdraw(link)
        self.studio.click("link-start")
        self.studio.wait(lambda: self.studio.all("[data-test=pick]"), "hosts can be asked")
        self.camera.take(self.studio, "studio-pick")
        self.studio.all(f"[data-test=pick][data-room={self.scenery.rival.room}]")[0].click()
        self.studio.wait_shown("link-pending")
        self.camera.take(self.studio, "studio-asking")
        self.scenery.accept()
        self.watch.wait_shown("score-bar")
        self.scenery.cheer(self.room)
        time.sleep(2)
        self.camera.take(self.watch, "watch-battle")
        self.camera.take(self.studio, "studio-battle")
        self.studio.click("battle-end")
        self.watch.wait_shown("battle-result")
        self.camera.take(self.studio, "studio-battle-result", keep="battle-result")
        self.camera.take(self.watch, "watch-battle-result", keep="battle-result")
        self.studio.click("link-end")
        self.studio.click("dialog-yes")

    def absence(self) -> None:
        """The server is not heard for a while."""
        server = self.mixd.process.child
        server.send_signal(signal.SIGSTOP)
        try:
            self.watch.wait(lambda: self.watch.all("#player[data-state=reconnecting]"), "it is noticed")
            self.camera.take(self.watch, "watch-reconnecting")
            self.camera.take(self.studio, "studio-reconnecting")
        finally:
            server.send_signal(signal.SIGCONT)
        self.studio.wait_shown("live-badge")
        self.scenery.come_back()

    def looking_back(self) -> None:
        """The host's own rooms."""
        self.studio.create_room("", "下周预告 Next week")
        self.studio.wait(lambda: self.studio.driver.execute_script(HAS_CAMERA), "the camera is on")
        self.studio.driver.execute_script(LOSE_CAMERA)
        self.studio.wait_shown("device-trouble")
        self.camera.take(self.studio, "studio-no-camera")
        self.studio.driver.get(self.mixd.url)
        self.studio.click("my-ended")
        self.studio.wait(lambda: self.studio.all("[data-test=my-ended-room]"), "past shows are listed")
        self.camera.take(self.studio, "lobby-own-rooms")

    def reading(self) -> None:
        self.watch.driver.get(f"{self.mixd.url}/docs")
        self.watch.wait(lambda: self.watch.all("[data-test=operation]"), "the API is listed")
        self.camera.take(self.watch, "docs")
        self.watch.all("[data-test=operation] summary")[0].click()
        self.watch.type("search", "applications")
        for summary in [node for node in self.watch.all("[data-test=operation] summary") if node.is_displayed()][:2]:
            summary.click()
        self.camera.take(self.watch, "docs-operation")

    def operating(self) -> None:
        self.watch.driver.get(f"{self.mixd.url}/admin")
        self.watch.wait_shown("refused")
        self.camera.take(self.watch, "admin-refused")
        self.watch.click("sign-in")
        self.watch.type("account-name", OPERATOR[0])
        self.watch.type("account-password", OPERATOR[1])
        self.watch.click("account-submit")
        self.watch.wait_shown("tab-wall")
        self.scenery.furnish()
        self.camera.take(self.watch, "admin-wall")
        self.watch.click("warn")
        self.camera.take(self.watch, "admin-warn")
        self.watch.click("dialog-no")
        self.watch.click("close")
        self.camera.take(self.watch, "admin-close")
        self.watch.click("dialog-no")
        self.watch.click("ban")
        self.camera.take(self.watch, "admin-ban")
        self.watch.click("dialog-no")
        for tab in ("users", "rooms", "keys", "webhooks"):
            self.watch.click(f"tab-{tab}")
            self.camera.take(self.watch, f"admin-{tab}")
        self.watch.click("webhook-test")
        self.watch.click("webhook-log")
        self.watch.wait(lambda: self.watch.all("[data-test=delivery]"), "a delivery is listed")
        self.camera.take(self.watch, "admin-deliveries")
        self.watch.click("webhook-edit")
        self.camera.take(self.watch, "admin-edit-webhook")
        self.watch.enter_as("Late")
        self.watch.driver.get(f"{self.mixd.url}/watch/{self.scenery.banned_room}")
        self.watch.wait_shown("ended")
        self.camera.take(self.watch, "watch-room-banned")

    def endings(self) -> None:
        self.watch.driver.get(f"{self.mixd.url}/watch/r_nothing")
        self.watch.wait_shown("ended")
        self.camera.take(self.watch, "watch-missing")
        self.watch.enter_as("Rude")
        self.watch.open(self.room)
        self.watch.wait_for_program()
        self.scenery.ban(self.room, self.studio, self.watch)
        self.watch.wait_shown("ended")
        self.camera.take(self.watch, "watch-banned")
        self.watch.enter_as("Ben")
        self.watch.open(self.room)
        self.watch.wait_for_program()
        address = self.studio.driver.current_url
        self.studio.driver.get("about:blank")
        self.watch.wait_shown("ended", 45)
        self.camera.take(self.watch, "watch-host-away")
        self.studio.driver.get(address)
        self.studio.go_live()
        self.studio.end()
        self.watch.wait_shown("ended")
        self.camera.take(self.studio, "studio-summary")
        self.camera.take(self.watch, "watch-ended")
        self.studio.driver.refresh()
        self.studio.wait_shown("ended")
        self.camera.take(self.studio, "studio-summary-again")
        self.watch.driver.get(f"{self.mixd.url}/watch/{self.scenery.tall.room}")
        self.watch.wait(lambda: self.watch.picture_size("video[data-test=program]")[0] > 0, "the tall programme plays")
        self.camera.take(self.watch, "watch-portrait")


def main() -> None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        mixd = Mixd(os.environ["MIXD"], directory, SETTINGS)
        browsers = Browsers()
        scenery = Scenery(mixd)
        camera = Camera(folder, sys.argv[2:])
        try:
            Tour(mixd, scenery, camera, browsers, make_devices(directory)).go()
        finally:
            camera.index()
            browsers.quit()
            scenery.strike()
            mixd.stop()


if __name__ == "__main__":
    main()
