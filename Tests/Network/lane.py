"""One direction of a bad network: when each packet comes out of it, if at all. Time and chance are arguments."""

from dataclasses import asdict, dataclass, field, fields
from random import Random


@dataclass
class Conditions:
    loss: float = 0
    """Share of the packets that are lost, each by itself."""
    burst: float = 0
    """Share of the packets with which a row of losses begins."""
    burst_length: float = 4
    """Packets in such a row, on average."""
    delay: float = 0
    """Milliseconds, as are jitter and queue."""
    jitter: float = 0
    """A packet takes up to so much less or more than the delay; packets keep their order and so arrive in bursts."""
    reorder: float = 0
    """Share of the packets that do not wait for the ones before them."""
    duplicate: float = 0
    rate: float = 0
    """Kilobits a second; 0: no limit."""
    queue: float = 200
    """How long a packet may wait for the limited link; later ones are lost."""
    outage: float = 0
    """1: nothing gets through."""

    def set(self, name: str, value: float) -> None:
        if name not in {field.name for field in fields(self)}:
            raise ValueError(f"no condition “{name}”: {', '.join(asdict(self))}")
        if value < 0 or (name in ("loss", "burst", "reorder", "duplicate") and value > 1):
            raise ValueError(f"{name}={value} makes no sense")
        setattr(self, name, value)


@dataclass
class Counts:
    sent: int = 0
    delivered: int = 0
    lost: int = 0
    queue_full: int = 0
    duplicated: int = 0
    reordered: int = 0


@dataclass
class Lane:
    chance: Random
    conditions: Conditions = field(default_factory=Conditions)
    counts: Counts = field(default_factory=Counts)
    in_burst: bool = False
    link_free_at: float = 0
    newest_release: float = 0

    def releases(self, size: int, now: float) -> list[float]:
        """The seconds at which copies of a packet of `size` bytes sent `now` arrive; none when it is lost."""
        self.counts.sent += 1
        if self._is_lost():
            self.counts.lost += 1
            return []
        through = self._through_link(size, now)
        if through is None:
            self.counts.queue_full += 1
            return []
        release = self._delayed(through)
        copies = 1 + self._happens(self.conditions.duplicate)
        self.counts.duplicated += copies - 1
        self.counts.delivered += copies
        return [release] * copies

    def _happens(self, probability: float) -> bool:
        return probability > 0 and self.chance.random() < probability

    def _is_lost(self) -> bool:
        if self.conditions.outage:
            return True
        if self.in_burst:
            self.in_burst = not self._happens(1 / max(1, self.conditions.burst_length))
        if not self.in_burst:
            self.in_burst = self._happens(self.conditions.burst)
        return self.in_burst or self._happens(self.conditions.loss)

    def _through_link(self, size: int, now: float) -> float | None:
        if not self.conditions.rate:
            return now
        start = max(now, self.link_free_at)
        if start - now > self.conditions.queue / 1000:
            return None
        self.link_free_at = start + size * 8 / (self.conditions.rate * 1000)
        return self.link_free_at

    def _delayed(self, instant: float) -> float:
        jitter = self.conditions.jitter
        extra = self.conditions.delay + (self.chance.uniform(-jitter, jitter) if jitter else 0)
        release = instant + max(0, extra) / 1000
        if self._happens(self.conditions.reorder):
            self.counts.reordered += release < self.newest_release
            return release
        self.newest_release = max(self.newest_release, release)
        return self.newest_release
