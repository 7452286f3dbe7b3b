"""Who receives on a bad network: mixd and a host who loses nothing in one namespace, the browser in the other."""

from dataclasses import dataclass

import numpy as np
from selenium.webdriver.remote.webdriver import WebDriver

from clock_media import BITS, CELL_HEIGHT, CELLS, FRAME_RATE, LOOP_SECONDS
from clock_publisher import ClockPublisher
from fake_media import HEIGHT, WIDTH
from pages import Studio, Watch
from programme import Pictures, Sound, number_of
from sender import Samples, Sender
from session import Session, chromium
from source import Source, beginning_of

BITRATE = 600
"""Kilobits a second of the programme's pictures."""

SOUND_STEP = 200
"""Looks at the sound in a second."""

WATCH_RECEIVING = f"""
(() => {{
  const made = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {{
    constructor(...args) {{ super(...args); made.push(this); }}
  }};
  const clock = (moment) => (performance.timeOrigin + moment) / 1000;
  const pick = (report, names) => Object.fromEntries(names.map((name) => [name, report[name] ?? null]));
  const pictures = [];
  const sound = [];
  const samples = [];
  const receives = (pc) => pc.getTransceivers().some((one) => one.currentDirection === 'recvonly');
  const current = () => made.filter((pc) => pc.connectionState !== 'closed' && receives(pc)).at(-1);
  const look = async () => {{
    const pc = current();
    if (!pc) return;
    const sample = {{ at: Date.now() / 1000, session: made.indexOf(pc), state: pc.connectionState }};
    for (const report of (await pc.getStats()).values()) {{
      if (report.type === 'inbound-rtp') {{
        sample[report.kind] = pick(report, ['bytesReceived', 'headerBytesReceived', 'pliCount', 'framesDecoded',
          'jitterBufferDelay', 'jitterBufferEmittedCount', 'concealedSamples', 'silentConcealedSamples',
          'totalSamplesReceived']);
      }}
    }}
    samples.push(sample);
  }};
  const context = new OffscreenCanvas({WIDTH}, 1).getContext('2d', {{ willReadFrequently: true }});
  const watchPictures = (video) => video.requestVideoFrameCallback((_, {{ presentationTime }}) => {{
    const {{ videoWidth, videoHeight }} = video;
    const middle = Math.round(videoHeight * {CELL_HEIGHT / 2 / HEIGHT});
    context.drawImage(video, 0, middle, videoWidth, 1, 0, 0, {WIDTH}, 1);
    const {{ data }} = context.getImageData(0, 0, {WIDTH}, 1);
    const level = (_, cell) => data[Math.round((cell + 0.5) * {WIDTH / CELLS}) * 4 + 1];
    const levels = Array.from({{ length: {CELLS} }}, level);
    pictures.push([clock(presentationTime), ...levels]);
    watchPictures(video);
  }});
  const watchSound = async (track) => {{
    const reader = new MediaStreamTrackProcessor({{ track: track.clone(), maxBufferSize: 200 }}).readable.getReader();
    for (;;) {{
      const {{ value: heard, done }} = await reader.read();
      if (done) return;
      const samples = new Float32Array(heard.numberOfFrames);
      heard.copyTo(samples, {{ planeIndex: 0, format: 'f32-planar' }});
      const step = heard.sampleRate / {SOUND_STEP};
      const levels = [];
      for (let start = 0; start < samples.length; start += step) {{
        const part = samples.subarray(start, start + step);
        levels.push(Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length));
      }}
      sound.push([clock(performance.now()), (heard.timestamp + heard.duration) / 1e6, ...levels]);
      heard.close();
    }}
  }};
  window.received = {{ pictures, sound, samples }};
  window.beginWatching = (selector) => {{
    setInterval(look, 500);
    watchPictures(document.querySelector(selector));
    for (const {{ track }} of current().getReceivers()) if (track.kind === 'audio') watchSound(track);
  }};
}})();
"""


@dataclass(frozen=True)
class Received:
    """What the page showed and played, and what the browser says about it; times are of the machine's clock.

    `numbers`: which picture of the host's camera each one was. `pictures` has running numbers: all of them are new.
    """

    pictures: Pictures
    numbers: np.ndarray
    sound: Sound
    samples: Samples
    source: Source | None = None

    @staticmethod
    def of(received: dict, source: Source | None = None) -> "Received":
        pictures = np.array(received["pictures"]).reshape(-1, 1 + BITS + 2)
        arrivals = np.array([chunk[:2] for chunk in received["sound"]]).reshape(-1, 2)
        levels = np.concatenate([chunk[2:] for chunk in received["sound"]])
        began = beginning_of(arrivals) + arrivals[-1, 1] - len(levels) / SOUND_STEP
        return Received(
            Pictures(pictures[:, 0], np.arange(len(pictures))), np.array([number_of(row[1:]) for row in pictures]),
            Sound(began, levels, levels, []), Samples(received["samples"]), source)

    def picture_delays(self, start: float, end: float) -> list[tuple[float, float]]:
        """(time, seconds from the host's camera to the page). Without a source the camera keeps its pace, and all of
        them are too long or too short by the same time."""
        chosen = (self.pictures.times >= start) & (self.pictures.times < end) & (self.numbers >= 0)
        times, numbers = self.pictures.times[chosen], self.numbers[chosen]
        if self.source:
            ages = [(float(at), self.source.picture_age(int(number), at)) for at, number in zip(times, numbers)]
            return [(at, age) for at, age in ages if age is not None]
        phases = (times - numbers / FRAME_RATE - self.zero) % LOOP_SECONDS
        return [(float(at), float(phase)) for at, phase in zip(times, phases)]

    @property
    def zero(self) -> float:
        """So early that no picture is earlier, and none as late as a round of the camera."""
        readable = np.flatnonzero(self.numbers >= 0)[:FRAME_RATE]
        return float((self.pictures.times[readable] - self.numbers[readable] / FRAME_RATE)[0] - LOOP_SECONDS / 4)

    def sound_delays(self, start: float, end: float) -> list[tuple[float, float]]:
        """(time, seconds that sound waited in the browser since the sample before, on average)."""
        heard = [sample for sample in self.samples.between(start, end).all if "audio" in sample]
        found = []
        for before, after in zip(heard, heard[1:]):
            emitted, waited = (after["audio"][name] - before["audio"][name] for name in (
                "jitterBufferEmittedCount", "jitterBufferDelay"))
            if emitted > 0:
                found.append((after["at"], waited / emitted))
        return found


class Receiver(Session):
    video = ""
    """The element that is looked at."""

    enough = 0
    """Kilobits a second that carry everything, headers included, with a quarter to spare."""

    def _use(self, driver: WebDriver) -> None:
        self.driver = driver
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_RECEIVING})
        self._enter(Watch(driver, self.mixd.url))
        driver.execute_script("beginWatching(arguments[0])", self.video)

    def _enter(self, watch: Watch) -> None:
        """Until picture and sound run."""
        raise NotImplementedError

    def received(self) -> Received:
        self.busy = self.load.figures()
        return Received.of(self.driver.execute_script("return received"), self._source())

    def _source(self) -> Source | None:
        """The host's camera, where it does not keep its pace by itself."""
        return None


class Viewer(Receiver):
    video = "video[data-test=program]"
    enough = 1000

    def _enter(self, watch: Watch) -> None:
        host = self.mixd.call("POST", "/sessions", {"name": "Ann"})
        settings = {"width": WIDTH, "height": HEIGHT, "frameRate": FRAME_RATE, "bitrate": BITRATE * 1000}
        self.room = self.mixd.call("POST", "/rooms", {"title": "At home", "video": settings}, host["token"])["id"]
        with self.link.in_server():
            publisher = ClockPublisher(f"{self.mixd.url}/whip/{self.room}", host["token"])
        self.undo.append(publisher.close)
        watch.open(self.room)
        size = lambda: watch.picture_size(self.video)
        watch.wait(lambda: size() == (WIDTH, HEIGHT), "the programme plays")
        watch.click("unmute")


class Guest(Receiver):
    """On stage, where he receives what the host's browser sends, which is forwarded to him."""

    kind = "on stage"
    video = "[data-test=tile][data-state=connected] video"
    enough = 1300

    def _enter(self, watch: Watch) -> None:
        with self.link.in_server():
            studio = Studio(chromium(self.devices, self.mixd.url), self.mixd.url)
            self.undo.append(lambda: self._quit(studio.driver))
            self.room = studio.create_room("Ann", "At home")
            self.sender = Sender(studio.driver)
            studio.go_live()
            self.sender.begin()
        watch.open(self.room)
        watch.apply()
        with self.link.in_server():
            studio.accept_first()
        watch.wait_for_tiles(2)

    def _source(self) -> Source:
        with self.link.in_server():
            return self.sender.source()

    def _quit(self, driver: WebDriver) -> None:
        with self.link.in_server():
            driver.quit()
