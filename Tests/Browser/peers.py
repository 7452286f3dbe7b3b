"""An independent WebRTC implementation (aiortc) as WHIP publisher and WHEP player."""

import asyncio
from fractions import Fraction
import time

import aioice.ice
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame, VideoFrame
import numpy as np
import requests

from fake_media import FRAME_RATE, HEIGHT, WIDTH, Colour, solid_picture, tone
from recording import Picture

AUDIO_RATE, AUDIO_FRAME = 48_000, 960
VIDEO_CLOCK = 90_000
# Times as long as asked for may media be waited for.
PATIENCE = 5


def use_loopback_if_alone() -> None:
    """aioice leaves out the loopback address, which may be all that a closed test machine has."""
    addresses = aioice.ice.get_host_addresses
    aioice.ice.get_host_addresses = lambda *positional, **named: addresses(*positional, **named) or ["127.0.0.1"]


use_loopback_if_alone()


class PictureTrack(MediaStreamTrack):
    """15 pictures a second, each of three planes, again and again."""

    kind = "video"

    def __init__(self, pictures: list[list[np.ndarray]]):
        super().__init__()
        self.pictures = [
            np.concatenate([luma, *(plane.reshape(-1, WIDTH) for plane in chroma)]) for luma, *chroma in pictures]
        self.count, self.start = 0, None

    async def recv(self) -> VideoFrame:
        self.start = self.start or time.monotonic()
        await asyncio.sleep(max(0, self.start + self.count / FRAME_RATE - time.monotonic()))
        frame = VideoFrame.from_ndarray(self.pictures[self.count % len(self.pictures)], format="yuv420p")
        frame.pts, frame.time_base = self.count * VIDEO_CLOCK // FRAME_RATE, Fraction(1, VIDEO_CLOCK)
        self.count += 1
        return frame


class ToneTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, frequency: int):
        super().__init__()
        self.samples = (tone(frequency, 1, AUDIO_RATE) * 32767).astype(np.int16)
        self.position, self.start = 0, None

    async def recv(self) -> AudioFrame:
        self.start = self.start or time.monotonic()
        await asyncio.sleep(max(0, self.start + self.position / AUDIO_RATE - time.monotonic()))
        at = self.position % AUDIO_RATE
        chunk = self.samples[at : at + AUDIO_FRAME].reshape(1, -1)
        frame = AudioFrame.from_ndarray(chunk, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, self.position, Fraction(1, AUDIO_RATE)
        self.position += AUDIO_FRAME
        return frame


class Session:
    """One WHIP or WHEP resource."""

    def __init__(self, url: str, token: str | None = None):
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.connection = RTCPeerConnection()
        self.resource = None

    async def negotiate(self) -> None:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        response = await asyncio.to_thread(
            requests.post, self.url, data=self.connection.localDescription.sdp, timeout=10,
            headers={**self.headers, "Content-Type": "application/sdp"})
        assert response.status_code == 201, f"{response.status_code} {response.text}"
        assert response.headers["Content-Type"].startswith("application/sdp")
        self.resource = requests.compat.urljoin(response.url, response.headers["Location"])
        await self.connection.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
        await self._connected()

    async def _connected(self, timeout: float = 15) -> None:
        deadline = time.monotonic() + timeout
        while self.connection.connectionState != "connected":
            assert time.monotonic() < deadline, f"WebRTC stays {self.connection.connectionState}"
            await asyncio.sleep(0.1)

    async def close(self) -> None:
        """DELETE, then the connection."""
        if self.resource:
            response = await asyncio.to_thread(requests.delete, self.resource, headers=self.headers, timeout=10)
            assert response.status_code == 204, f"{response.status_code} {response.text}"
        await self.connection.close()


class WHIPPublisher(Session):
    async def publish(self, colour: Colour, frequency: int) -> None:
        await self.show([solid_picture(colour)], frequency)

    async def show(self, pictures: list[list[np.ndarray]], frequency: int) -> None:
        self.connection.addTransceiver(ToneTrack(frequency), direction="sendonly")
        self.connection.addTransceiver(PictureTrack(pictures), direction="sendonly")
        await self.negotiate()


class WHEPPlayer(Session):
    async def play(self) -> None:
        for kind in ("audio", "video"):
            self.connection.addTransceiver(kind, direction="recvonly")
        await self.negotiate()

    async def collect(self, seconds: float) -> tuple[list[Picture], np.ndarray]:
        """What is received from now on for a while: every fifth picture, all sound as mono."""
        tracks = {item.receiver.track.kind: item.receiver.track for item in self.connection.getTransceivers()}
        pictures, sound = await asyncio.gather(
            self._frames(tracks["video"], seconds), self._frames(tracks["audio"], seconds))
        return [picture_of(frame) for frame in pictures[::5]], np.concatenate([samples_of(frame) for frame in sound])

    @staticmethod
    async def _frames(track: MediaStreamTrack, seconds: float) -> list:
        """At least half as much as there should be, however long a busy machine needs for it."""
        frames, start = [], time.monotonic()
        least = seconds / 2 * (AUDIO_RATE / AUDIO_FRAME if track.kind == "audio" else FRAME_RATE)
        while (passed := time.monotonic() - start) < seconds or len(frames) < least and passed < seconds * PATIENCE:
            try:
                frames.append(await asyncio.wait_for(track.recv(), max(seconds - passed, 0.5)))
            except asyncio.TimeoutError:
                pass
        assert frames, f"no {track.kind} in {seconds} s"
        return frames


async def watch_in_turn(urls: list[str], seconds: float, settling: float) -> list[tuple[list[Picture], np.ndarray]]:
    """What a viewer of each programme receives, without the first moments: one process decodes one of them in time."""
    seen = []
    for url in urls:
        player = WHEPPlayer(url)
        await player.play()
        await player.collect(settling)
        seen.append(await player.collect(seconds))
        await player.close()
    return seen


def picture_of(frame: VideoFrame) -> Picture:
    raw = frame.to_ndarray(format="yuv420p").tobytes()
    return Picture.from_i420(raw, frame.width, frame.height)


def samples_of(frame: AudioFrame) -> np.ndarray:
    """Interleaved 16-bit samples as mono of −1 … 1."""
    channels = len(frame.layout.channels)
    return frame.to_ndarray().reshape(-1, channels).mean(axis=1) / 32768
