"""Tells when a processor ran nothing at all: on a shared machine it may be taken away for tens of milliseconds."""

import os
import threading
import time

STEP = 0.004
LEAST = 0.025
"""Seconds: less makes nobody miss a tick of 33 ms."""


class StandstillWatch:
    """One thread on every processor, ahead of everything else on it. Where that is not allowed it sees nothing."""

    def __init__(self):
        self.lengths = []
        self.is_watching = True
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._watch, args=(cpu,)) for cpu in os.sched_getaffinity(0)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, cpu):
        try:
            os.sched_setaffinity(0, {cpu})
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            self.is_watching = False
            return
        last = time.monotonic()
        while not self._ends.is_set():
            time.sleep(STEP)
            now = time.monotonic()
            if now - last - STEP >= LEAST:
                self.lengths.append(now - last - STEP)
            last = now

    @property
    def text(self):
        if not self.is_watching:
            return "not known, root only"
        longest = max(self.lengths, default=0)
        return f"{len(self.lengths)} times for 25 ms and more, {1000 * longest:.0f} ms at most"
