"""What the camera and the microphone of the browser delivered, and when: a busy machine delays even fake ones."""

from dataclasses import dataclass
import math

import numpy as np

from clock_media import BITS, CELL_HEIGHT, CELLS, PICTURES, from_gray_code
from fake_media import HEIGHT

LONGEST_DELAY = 5
"""Seconds: who seems older is of the round of the camera before, as the same number of this round was not seen."""

WATCH_SOURCES = f"""
(() => {{
  const pictures = [];
  const beeps = [];
  const clock = () => (performance.timeOrigin + performance.now()) / 1000;
  const forEach = async (track, take) => {{
    const reader = new MediaStreamTrackProcessor({{ track: track.clone(), maxBufferSize: 100 }}).readable.getReader();
    for (;;) {{
      const {{ value, done }} = await reader.read();
      if (done) return;
      await take(value, clock());
      value.close();
    }}
  }};
  const readPicture = async (frame, at) => {{
    const {{ codedWidth: width, codedHeight: height }} = frame;
    const middle = Math.round(height * {CELL_HEIGHT / 2 / HEIGHT} / 2) * 2;
    const options = {{ rect: {{ x: 0, y: middle, width, height: 2 }} }};
    const luma = new Uint8Array(frame.allocationSize(options));
    await frame.copyTo(luma, options);
    let code = 0;
    for (let cell = 1; cell <= {BITS}; cell += 1) {{
      code = code * 2 + (luma[Math.round((cell + 0.5) * width / {CELLS})] > 128 ? 1 : 0);
    }}
    pictures.push([at, frame.timestamp / 1e6, code]);
  }};
  const readSound = (data, at) => {{
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, {{ planeIndex: 0, format: 'f32-planar' }});
    const loud = samples.findIndex((sample) => Math.abs(sample) > 0.32);
    const end = (data.timestamp + data.duration) / 1e6;
    const beginning = end - (samples.length - loud) / data.sampleRate;
    if (loud >= 0 && beginning - (beeps.at(-1)?.[2] ?? -1) > 0.5) beeps.push([at, end, beginning]);
  }};
  window.sources = {{ pictures, beeps }};
  window.beginWatchingSources = (tracks) => {{
    if (!window.MediaStreamTrackProcessor) return;
    for (const track of tracks) forEach(track, track.kind === 'video' ? readPicture : readSound);
  }};
}})();
"""


@dataclass(frozen=True)
class Source:
    """When which picture came out of the camera, and a beep out of the microphone: seconds of the machine's clock."""

    picture_times: np.ndarray
    numbers: np.ndarray
    beeps: np.ndarray

    @staticmethod
    def of(watched: dict) -> "Source":
        """Stamps are taken when a picture is captured but count from anywhere; the quickest arrival says from where."""
        pictures = np.array(watched["pictures"]).reshape(-1, 3)
        beeps = np.array(watched["beeps"]).reshape(-1, 3)
        numbers = np.array([from_gray_code(int(code)) for code in pictures[:, 2]])
        return Source(pictures[:, 1] + beginning_of(pictures), numbers, beeps[:, 2] + beginning_of(beeps))

    def picture_age(self, number: int, moment: float) -> float | None:
        """How long ago the camera delivered the picture of that number last."""
        before = (self.picture_times <= moment) & (self.numbers == number % PICTURES)
        age = float(moment - self.picture_times[before][-1]) if before.any() else math.inf
        return age if age < LONGEST_DELAY else None

    def beep_age(self, moment: float) -> float | None:
        """How long ago the last beep was. Sound that is more than 0.9 s old is taken for that of the next beep."""
        before = self.beeps[self.beeps <= moment + 0.1]
        age = float(moment - before[-1]) if len(before) else math.inf
        return age if age < 0.95 else None


def beginning_of(arrivals: np.ndarray) -> float:
    return float((arrivals[:, 0] - arrivals[:, 1]).min()) if len(arrivals) else 0.0
