"""A WHIP publisher in a process of its own, which viewers that decode in this one cannot hold up.

usage: lone_publisher.py URL TOKEN COLOUR TONE     says "ready" once it publishes, ends with its input
"""

import asyncio
import json
import os
import subprocess
import sys

from fake_media import Colour, solid_picture
from peers import WHIPPublisher


class LonePublisher:
    def __init__(self, url: str, token: str, colour: Colour, frequency: int):
        self.run(__file__, url, token, json.dumps(colour), str(frequency))

    def run(self, script: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        assert self.process.stdout.readline() == "ready\n", "the publisher did not get through"

    def close(self) -> None:
        self.process.communicate(timeout=20)
        assert self.process.returncode == 0


def take_precedence() -> None:
    """Browsers that fill all cores make a sender without any haste late for good. Only who may, may."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except PermissionError:
        pass


async def publish(url: str, token: str, pictures: list, frequency: int) -> None:
    publisher = WHIPPublisher(url, token)
    await publisher.show(pictures, frequency)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await publisher.close()


if __name__ == "__main__":
    take_precedence()
    asyncio.run(publish(sys.argv[1], sys.argv[2], [solid_picture(json.loads(sys.argv[3]))], int(sys.argv[4])))
