"""mixd in one namespace, a browser on a bad network in the other: a host, whose programme an RTMP server records."""

from dataclasses import dataclass
import math
import os
from pathlib import Path
import signal
import time

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from browsers import CHROMIUM_FLAGS, FIREFOX_PREFERENCES, first_of, geckodriver
from clock_media import FRAME_RATE, SAMPLE_RATE, TONE
from fake_media import Devices
from figures import Load
from link import Link
from pages import Studio
from programme import Programme
from sender import Sender
from servers import Mixd, Process, RTMPServer, wait_until

HTTP_PORT, MEDIA_PORT = 8080, 7000


class DistantMixd(Mixd):
    """mixd behind the bad network. The test itself asks it from within its namespace, where nothing is lost."""

    def __init__(self, binary: str, directory: Path, link: Link):
        self.link = link
        self.url = f"http://{link.server_address}:{HTTP_PORT}"
        os.environ["MIXD_OUTPUTS_ALLOW_PRIVATE"] = "true"
        with link.in_server():
            self.process = Process([
                binary, "serve", "--http", f"{link.server_address}:{HTTP_PORT}",
                "--media", f"{link.server_address}:{MEDIA_PORT}", "--data", str(directory / "data"),
            ], directory / "mixd.log")
        wait_until(self._is_ready, "mixd is ready", process=self.process)

    def _is_ready(self) -> bool:
        with self.link.in_server():
            return super()._is_ready()

    def call(self, *positional, **named) -> dict:
        with self.link.in_server():
            return super().call(*positional, **named)

    def stats(self, room: str) -> dict:
        """The room's figures, those of the only participant among them."""
        stats = self.call("GET", f"/rooms/{room}/stats")
        own = stats["participants"][0] if stats["participants"] else {}
        return {"at": time.time(), **own}


def chromium(devices: Devices, base: str) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = first_of("chromium", "chromium-browser")
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--use-file-for-fake-video-capture={devices.video}")
    options.add_argument(f"--use-file-for-fake-audio-capture={devices.audio}")
    options.add_argument(f"--unsafely-treat-insecure-origin-as-secure={base}")
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(first_of("chromedriver")))


def firefox(_: Devices, base: str) -> WebDriver:
    """It makes its own picture, which tells no time, and a tone of its own frequency."""
    options = webdriver.FirefoxOptions()
    options.binary_location = first_of("firefox-esr", "firefox")
    options.add_argument("-headless")
    insecure = {"media.devices.insecure.enabled": True, "media.getusermedia.insecure.enabled": True}
    for name, value in (FIREFOX_PREFERENCES | insecure).items():
        options.set_preference(name, value)
    return webdriver.Firefox(options=options, service=webdriver.FirefoxService(geckodriver()))


@dataclass(frozen=True)
class Phase:
    """A part of a session: `began` and `ended` on the machine's clock, and what mixd counted before and after."""

    session: "Session"
    began: float
    ended: float
    before: dict
    after: dict

    @property
    def start(self) -> float:
        """On the time line of the programme, as is `end`."""
        return self.began - self.session.programme_began

    @property
    def end(self) -> float:
        return self.ended - self.session.programme_began

    def growth(self, counter: str) -> float:
        return self.after.get(counter, 0) - self.before.get(counter, 0)

    @property
    def concealed_share(self) -> float:
        """Percent of the sound that mixd had to make up."""
        return 100 * self.growth("concealedSamples") / (SAMPLE_RATE * (self.after["at"] - self.before["at"]))


def name_of(driver: WebDriver) -> str:
    name, version = (driver.capabilities[f"browser{word}"] for word in ("Name", "Version"))
    return f"{name.capitalize()} {version.split('.')[0]}"


class Session:
    """Its thread is in the client's namespace from beginning to end."""

    programme_began = 0.0
    """On the machine's clock."""

    kind = ""
    """Added to the names of rows, and to what they say of the fault."""

    def __init__(self, directory: Path, binary: str, devices: Devices, open_browser=chromium):
        self.directory, self.devices = directory, devices
        self.link = Link("delay=30", "seed=11")
        self.undo = [self.link.end]
        try:
            self._start_servers(binary)
            self._start_browser(open_browser)
        except BaseException:
            self.end()
            raise

    def _start_servers(self, binary: str) -> None:
        self.mixd = DistantMixd(binary, self.directory, self.link)
        self.undo.append(self.mixd.stop)

    def _start_browser(self, open_browser) -> None:
        self.entered = self.link.in_client()
        self.entered.__enter__()
        self.undo.append(lambda: self.entered.__exit__(None, None, None))
        driver = open_browser(self.devices, self.mixd.url)
        self.undo.append(driver.quit)
        driver.set_script_timeout(20)
        self.browser = name_of(driver)
        self._use(driver)
        self.load = Load([self.link.client, self.link.server])

    def _use(self, driver: WebDriver) -> None:
        """Everything until the media run."""
        raise NotImplementedError

    def stats(self) -> dict:
        return self.mixd.stats(self.room)

    def mark(self) -> None:
        """The moments at which a phase begins and ends."""

    def phase(self, seconds: float, change: str = "") -> "Phase":
        """Changes the network, then lets the session go on for a while."""
        before = self.stats()
        began = self.link.change(change)["at"]
        self.mark()
        time.sleep(max(0, began + seconds - time.time()))
        self.mark()
        return Phase(self, began, time.time(), before, self.stats())

    def end(self) -> None:
        for step in reversed(self.undo):
            step()
        self.undo.clear()


class Host(Session):
    programme_began = math.inf

    def _start_servers(self, binary: str) -> None:
        with self.link.in_server():
            self.rtmp = RTMPServer(self.directory)
        self.undo.append(self.rtmp.stop)
        super()._start_servers(binary)

    def _use(self, driver: WebDriver) -> None:
        self.studio = Studio(driver, self.mixd.url)
        # The usual room: twice the rate of the camera.
        self.room = self.studio.create_room("Ann", "On a train", frame_rate=2 * FRAME_RATE)
        self.sender = Sender(driver)
        started = time.monotonic()
        self.studio.go_live()
        self.studio.click("tab-push")
        self.studio.find("push-url").send_keys(self.rtmp.url("programme"))
        self.studio.click("push-add")
        with self.link.in_server():
            self.recording = self.rtmp.recording("programme")
        self.seconds_to_first_picture = time.monotonic() - started
        self.studio.click("toggle-program")
        self.sender.begin()

    def mark(self) -> None:
        """Compares the machine's clock with the newest of the programme; the least delayed look counts."""
        self.programme_began = min(self.programme_began, time.time() - self.recording.now())

    def standstill(self, seconds: float) -> "Phase":
        """mixd's process is stopped for a while; the network and the browser go on."""
        before = self.stats()
        self.mark()
        mixd = self.mixd.process.child
        began = time.time()
        mixd.send_signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            mixd.send_signal(signal.SIGCONT)
        return Phase(self, began, time.time(), before, self.stats())

    def programme(self, tone: float = TONE) -> Programme:
        self.busy = self.load.figures()
        return Programme.read(self.recording.path, tone, self.programme_began, self.sender.source())
