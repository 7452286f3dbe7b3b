"""The pages of mixd as the tests use them."""

import base64
import json

import numpy as np
from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from fake_media import FRAME_RATE, HEIGHT
from recording import decode_sound

PAGE_TIMEOUT = 40

PASSING_ERRORS = [IndexError, ElementClickInterceptedException, StaleElementReferenceException]
"""What a page that is just changing makes of a question."""


def press(element: WebElement) -> bool:
    """Whether it could be clicked yet."""
    if not (element.is_displayed() and element.is_enabled()):
        return False
    element.click()
    return True


class Page:
    language = "en"

    def __init__(self, driver: WebDriver, base: str):
        self.driver = driver
        self.base = base

    def prepare(self) -> None:
        """Texts of the wanted language, tones that reach the server as they are, and small pictures, which are enough."""
        self.driver.get(self.base)
        choice = json.dumps({"originalSound": True, "height": HEIGHT})
        self.driver.execute_script("""
          localStorage.setItem('mixd.devices', arguments[0]);
          localStorage.setItem('mixd.language', arguments[1]);
        """, choice, self.language)

    def find(self, test: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, f"[data-test={test}]")

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def rooms(self, test: str) -> list[str]:
        """Those of a list that may change at any time, read at once."""
        return self.driver.execute_script(READ_ROOMS, f"[data-test={test}]")

    def wait(self, condition, what: str, timeout: float = PAGE_TIMEOUT):
        wait = WebDriverWait(self.driver, timeout, ignored_exceptions=PASSING_ERRORS)
        return wait.until(lambda _: condition(), f"{what}\n{self.state()}")

    def wait_shown(self, test: str, timeout: float = PAGE_TIMEOUT) -> WebElement:
        self.wait(lambda: self.find(test).is_displayed(), f"{test} is shown", timeout)
        return self.find(test)

    def click(self, test: str) -> None:
        self.wait(lambda: press(self.find(test)), f"{test} can be clicked")

    def type(self, test: str, text: str) -> None:
        self.wait_shown(test).clear()
        self.find(test).send_keys(text)

    def choose(self, test: str, value: str) -> None:
        """An option of a list."""
        Select(self.wait_shown(test)).select_by_value(value)

    def reads(self, test: str, text: str, timeout: float = PAGE_TIMEOUT) -> None:
        """Waits until an element says exactly this."""
        self.wait(lambda: self.find(test).text == text, f"{test} says “{text}”", timeout)

    def contains(self, test: str, text: str, timeout: float = PAGE_TIMEOUT) -> None:
        self.wait(lambda: text in self.find(test).text, f"{test} contains “{text}”", timeout)

    def toast(self, text: str) -> None:
        said = lambda: any(text in node.text for node in self.all(".toast"))
        self.wait(said, f"the page says “{text}”")

    def register(self, name: str, password: str) -> None:
        self.click("account")
        self.click("tab-register")
        for field, value in {"name": name, "password": password, "repeat": password}.items():
            self.type(f"account-{field}", value)
        self.click("account-submit")
        self.wait(lambda: not self.all("[data-test=account-submit]"), "the account is made")

    def enter_as(self, name: str) -> None:
        """A guest of that name, whoever was there before."""
        self.prepare()
        self.driver.execute_script("localStorage.removeItem('mixd.session')")
        self.driver.refresh()
        self.click("account")
        self.click("tab-guest")
        self.type("account-name", name)
        self.click("account-submit")
        self.wait(lambda: not self.all("[data-test=account-submit]"), "the guest is known")

    def say(self, text: str) -> None:
        self.type("chat-input", text)
        self.click("chat-send")

    def open_person_menu(self, name: str) -> None:
        """What can be done about somebody who wrote in the chat."""
        named = lambda: [node for node in self.all("[data-test=person]") if node.text == name][-1]
        self.wait(lambda: press(named()), f"{name} has written")

    def person_menu(self, name: str, action: str) -> None:
        self.open_person_menu(name)
        self.click(f"choose-{action}")

    def go_deaf(self) -> None:
        """The events socket is lost, and none is to be had until `hear_again`."""
        self.driver.execute_script(GO_DEAF)

    def hear_again(self) -> None:
        self.driver.execute_script("window.WebSocket = window.Socket; dispatchEvent(new Event('online'))")

    def user(self) -> dict:
        return json.loads(self.driver.execute_script("return localStorage.getItem('mixd.session')"))

    def errors(self) -> list[str]:
        """But for what the server refuses on purpose, which the browser logs as well."""
        severe = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        return [line for line in severe if "Failed to load resource" not in line]

    def state(self) -> str:
        tests = ("state", "notice", "cohost-message", "ended-text", "account-error", "chat")
        texts = self.driver.execute_script(READ_TEXTS, tests)
        return f"{self.driver.current_url}: {texts}"

    def picture_size(self, selector: str) -> tuple[int, int]:
        script = "const v = document.querySelector(arguments[0]); return v ? [v.videoWidth, v.videoHeight] : [0, 0]"
        return tuple(self.driver.execute_script(script, selector))

    def quadrant_colours(self, selector: str) -> np.ndarray:
        """Red, green and blue in the middle of each quarter of a video as it is shown."""
        return np.array(self.driver.execute_script(READ_QUADRANTS, selector))

    def expected_colour(self, colour: tuple[int, int, int]) -> list[float]:
        """Red, green and blue of a colour given as Y, Cb and Cr of limited range (BT.601)."""
        luma, blue, red = 1.164 * (colour[0] - 16), colour[1] - 128, colour[2] - 128
        rgb = (luma + 1.596 * red, luma - 0.392 * blue - 0.813 * red, luma + 2.017 * blue)
        return [min(255.0, max(0.0, value)) for value in rgb]

    def wait_for_muted(self) -> None:
        """The page knows that somebody on stage is muted."""
        shown = lambda: any(node.is_displayed() for node in self.all("[data-test=tile] [data-test=muted]"))
        self.wait(shown, "somebody on stage is seen to be muted")

    def wait_for_tiles(self, count: int) -> None:
        """That many people on stage, everybody else's picture running."""
        self.wait(lambda: len(self.all("[data-test=tile]")) == count, f"{count} tiles on stage")
        if count > 1:
            running = lambda: self.picture_size("[data-test=tile][data-state=connected] video")[0] > 0
            self.wait(running, "the other's picture is received")

    def listen(self) -> np.ndarray:
        """Two seconds of everything this page lets be heard, mixed, at `SAMPLE_RATE`."""
        recorded = [decode_sound(base64.b64decode(data)) for data in self.driver.execute_async_script(RECORD_SOUND)]
        assert recorded, "nothing can be heard on this page"
        length = min(map(len, recorded))
        return np.sum([samples[:length] for samples in recorded], axis=0)


GO_DEAF = """
window.Socket = window.WebSocket;
window.WebSocket = class extends EventTarget { close() {} };
dispatchEvent(new Event('online'));
"""

READ_TEXTS = """
const nodes = arguments[0].map((test) => [test, document.querySelector(`[data-test=${test}]`)]);
return Object.fromEntries(nodes.filter(([, node]) => node).map(([test, node]) => [test, node.innerText]));
"""

READ_ROOMS = "return [...document.querySelectorAll(arguments[0])].map(({ dataset }) => dataset.room)"

READ_QUADRANTS = """
const [width, height] = [64, 36];
const context = new OffscreenCanvas(width, height).getContext('2d');
context.drawImage(document.querySelector(arguments[0]), 0, 0, width, height);
const middles = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]];
return middles.map(([x, y]) => [...context.getImageData(x * width, y * height, 1, 1).data].slice(0, 3));
"""

RECORD_SOUND = """
const done = arguments[arguments.length - 1];
const heard = [...document.querySelectorAll('video, audio')]
  .filter((element) => !element.muted && element.srcObject?.getAudioTracks().length);
const record = (element) => new Promise((resolve) => {
  const recorder = new MediaRecorder(new MediaStream(element.srcObject.getAudioTracks()));
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.onstop = () => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(',')[1]);
    reader.readAsDataURL(new Blob(parts));
  };
  recorder.start();
  setTimeout(() => recorder.stop(), 2500);
});
Promise.all(heard.map(record)).then(done);
"""


class Studio(Page):
    """The host's way from the lobby to a live room."""

    def create_room(self, name: str, title: str, frame_rate: int = FRAME_RATE) -> str:
        self.prepare()
        self.driver.refresh()
        if self.find("name").is_displayed():
            self.find("name").send_keys(name)
        self.find("create-title").send_keys(title)
        self.driver.execute_script("document.querySelector('details').open = true")
        Select(self.find("create-frame-rate")).select_by_value(str(frame_rate))
        self.click("create-room")
        self.wait(lambda: "/studio/" in self.driver.current_url, "the studio opens")
        return self.driver.current_url.rsplit("/", 1)[1]

    def go_live(self) -> None:
        self.begin()
        self.wait_shown("live-badge")

    def begin(self) -> None:
        if self.find("use-countdown").is_selected():
            self.find("use-countdown").click()
        self.click("go-live")

    def push(self, url: str) -> None:
        self.click("tab-push")
        self.find("push-url").send_keys(url)
        self.click("push-add")
        live = lambda: self.all("[data-test=output][data-state=live]")
        self.wait(live, "the push is live")

    def record(self) -> None:
        self.click("record")
        self.wait_shown("record-time")

    def stop_recording(self) -> None:
        self.click("record")
        self.wait(lambda: self.all("[data-test=recording][data-state=ended]"), "the recording is there")

    def accept_first(self) -> str:
        """Accepts who waits longest; returns his user id."""
        first = lambda: self.all("[data-test=applicants] li")[0]
        user = self.wait(lambda: first().get_attribute("data-user-id"), "somebody applies")
        accepting = lambda: press(first().find_element(By.CSS_SELECTOR, "button[data-test=accept]"))
        self.wait(accepting, "he can be accepted")
        return user

    def reject_first(self, reason: str = "") -> None:
        rejecting = lambda: press(self.all("[data-test=applicants] [data-test=reject]")[0])
        self.wait(rejecting, "somebody applies")
        self.type("dialog-text", reason)
        self.click("dialog-yes")

    def end(self) -> None:
        self.click("end-live")
        self.click("dialog-yes")
        self.wait_shown("ended")

    def wait_for_program(self) -> None:
        playing = lambda: self.find("program").is_displayed() and self.picture_size("video[data-test=program]")[0] > 0
        self.wait(playing, "the programme plays")


class Watch(Page):
    def open(self, room: str) -> None:
        self.prepare()
        self.driver.get(f"{self.base}/watch/{room}")
        self.room = room

    def wait_for_program(self) -> None:
        playing = lambda: self.picture_size("video[data-test=program]")
        self.wait(lambda: playing() == (1280, 720), "the programme plays")

    def apply(self, media: str = "video", message: str = "") -> None:
        self.click(f"media-{media}")
        self.click("apply")
        self.type("apply-message", message)
        self.click("apply-send")

    def reads_message(self, text: str, timeout: float = PAGE_TIMEOUT) -> None:
        """About the way to the stage."""
        self.reads("cohost-message", text, timeout)

    def close_tab(self) -> None:
        """Like a user: the tab goes, the browser stays."""
        tab = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        other = self.driver.current_window_handle
        self.driver.switch_to.window(tab)
        self.driver.close()
        self.driver.switch_to.window(other)
