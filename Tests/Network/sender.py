"""What the browser says about its sending: getStats of the publishing connection, twice a second, kept in the page."""

from dataclasses import dataclass

from selenium.webdriver.remote.webdriver import WebDriver

from source import WATCH_SOURCES, Source

WATCH_CONNECTIONS = """
(() => {
  const made = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...args) { super(...args); made.push(this); }
  };
  const samples = [];
  const pick = (report, names) => Object.fromEntries(names.map((name) => [name, report[name] ?? null]));
  const look = async () => {
    const publishing = made.filter((pc) => pc.connectionState !== 'closed' && pc.getSenders().some((s) => s.track));
    const pc = publishing.at(-1);
    if (!pc) return;
    const sample = { at: Date.now() / 1000, session: made.indexOf(pc), state: pc.connectionState };
    for (const report of (await pc.getStats()).values()) {
      if (report.type === 'outbound-rtp') {
        sample[report.kind] = pick(report, ['targetBitrate', 'bytesSent', 'headerBytesSent', 'retransmittedBytesSent',
          'packetsSent', 'nackCount', 'pliCount', 'firCount', 'framesEncoded', 'keyFramesEncoded', 'framesPerSecond',
          'frameWidth', 'frameHeight', 'qualityLimitationReason',
          'totalPacketSendDelay']);
      } else if (report.type === 'candidate-pair' && report.nominated) {
        Object.assign(sample, pick(report, ['availableOutgoingBitrate', 'currentRoundTripTime', 'localCandidateId']));
      } else if (report.type === 'remote-inbound-rtp') {
        sample[report.kind + 'Remote'] = pick(report, ['fractionLost', 'roundTripTime', 'jitter']);
      }
    }
    samples.push(sample);
  };
  window.sendingSamples = samples;
  window.beginSampling = () => {
    setInterval(look, 500);
    beginWatchingSources(made.flatMap((pc) => pc.getSenders().map((sender) => sender.track).filter(Boolean)));
  };
})();
"""


@dataclass(frozen=True)
class Samples:
    """`at` of each is the machine's clock in seconds."""

    all: list[dict]

    def between(self, start: float, end: float) -> "Samples":
        return Samples([sample for sample in self.all if start <= sample["at"] < end])

    def rates(self) -> list[tuple[float, float]]:
        """(time, kilobits a second of everything that was sent since the sample before)."""
        return [(after["at"], (sent_bytes(after) - sent_bytes(before)) * 8 / 1000 / (after["at"] - before["at"]))
                for before, after in zip(self.all, self.all[1:]) if before["session"] == after["session"]]

    def first(self, condition) -> float | None:
        """When a condition was met first and stayed so for the next sample too."""
        for sample, following in zip(self.all, self.all[1:]):
            if condition(sample) and condition(following):
                return sample["at"]
        return None

    def growth(self, kind: str, name: str) -> int:
        """How much a counter grew, whatever number of connections it took."""
        values = [(sample["session"], sample[kind][name]) for sample in self.all
                  if kind in sample and sample[kind].get(name) is not None]
        return sum(after - before if same == session else after
                   for (same, before), (session, after) in zip(values, values[1:]))

    def waits(self) -> list[tuple[float, float]]:
        """(time, seconds that a packet of the pictures waited in the browser since the sample before, on average)."""
        found = []
        for before, after in zip(self.all, self.all[1:]):
            if before["session"] != after["session"] or "video" not in before or "video" not in after:
                continue
            sent, waited = ((after["video"][name] or 0) - (before["video"][name] or 0)
                            for name in ("packetsSent", "totalPacketSendDelay"))
            if sent > 0:
                found.append((after["at"], waited / sent))
        return found


def sent_bytes(sample: dict) -> int:
    return sum((sample[kind]["bytesSent"] or 0) + (sample[kind]["headerBytesSent"] or 0)
               for kind in ("audio", "video") if kind in sample)


class Sender:
    """Made before the page opens its first connection."""

    def __init__(self, driver: WebDriver):
        self.driver = driver
        driver.execute_script(WATCH_CONNECTIONS)
        driver.execute_script(WATCH_SOURCES)

    def begin(self) -> None:
        self.driver.execute_script("beginSampling()")

    def samples(self) -> Samples:
        return Samples(self.driver.execute_script("return sendingSamples"))

    def source(self) -> Source:
        return Source.of(self.driver.execute_script("return sources"))
