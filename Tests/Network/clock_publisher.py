"""A host without a browser: the clock's pictures and a tone, from a process of its own.

usage: clock_publisher.py URL TOKEN     says "ready" once it publishes, ends with its input
"""

import asyncio
import sys

from clock_media import PICTURES, TONE, clock_picture, moving_texture
from lone_publisher import LonePublisher, publish, take_precedence


class ClockPublisher(LonePublisher):
    def __init__(self, url: str, token: str):
        self.run(__file__, url, token)


if __name__ == "__main__":
    take_precedence()
    texture = moving_texture()
    pictures = [clock_picture(number, texture) for number in range(PICTURES)]
    asyncio.run(publish(sys.argv[1], sys.argv[2], pictures, TONE))
