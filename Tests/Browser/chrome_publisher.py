"""A program in Chromium that uses no page of mixd: it publishes plain pictures by WHIP, and watches by WHEP."""

from fake_media import FRAME_RATE, Colour
from pages import Page
from show import Person

PUBLISH = """
const [{ name, room, token, colour, size, rate, layers, codec }, done] = arguments;
const canvas = document.createElement('canvas');
[canvas.width, canvas.height] = size;
const context = canvas.getContext('2d');
let step = 0;
const draw = () => {
  context.fillStyle = colour;
  context.fillRect(0, 0, ...size);
  context.fillStyle = 'white';
  context.fillRect((step++ * 8) % (size[0] - 16), 8, 16, 16);
};
draw();
setInterval(draw, 1000 / rate);
const publish = async () => {
  const pc = new RTCPeerConnection();
  const [track] = canvas.captureStream(rate).getVideoTracks();
  const transceiver = pc.addTransceiver(track, { direction: 'sendonly', sendEncodings: layers });
  if (codec) {
    const { codecs } = RTCRtpSender.getCapabilities('video');
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => [codec, 'video/rtx'].includes(mimeType)));
  }
  await pc.setLocalDescription();
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` };
  const response = await fetch(`/whip/${room}`, { method: 'POST', headers, body: pc.localDescription.sdp });
  const sdp = await response.text();
  if (response.status !== 201) throw new Error(`${response.status} ${sdp}`);
  await pc.setRemoteDescription({ type: 'answer', sdp });
  window.publications = { ...window.publications, [name]: pc };
};
publish().then(() => done(null), (error) => done(String(error)));
"""

WATCH = """
const [room, done] = arguments;
const video = Object.assign(document.createElement('video'), { id: 'programme', muted: true, autoplay: true });
document.body.prepend(video);
const watch = async () => {
  const pc = new RTCPeerConnection();
  for (const kind of ['audio', 'video']) pc.addTransceiver(kind, { direction: 'recvonly' });
  pc.ontrack = ({ track }) => { if (track.kind === 'video') video.srcObject = new MediaStream([track]); };
  await pc.setLocalDescription();
  const headers = { 'Content-Type': 'application/sdp' };
  const response = await fetch(`/whep/${room}`, { method: 'POST', headers, body: pc.localDescription.sdp });
  await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  window.player = pc;
};
watch().then(() => done(null), (error) => done(String(error)));
"""

READ_SENT = """
const [name, done] = arguments;
window.publications[name].getStats().then((reports) => {
  const sent = [...reports.values()].filter(({ type }) => type === 'outbound-rtp');
  done(sent.map(({ rid, codecId, frameWidth, framesEncoded }) => (
    { rid, codec: reports.get(codecId)?.mimeType, width: frameWidth, frames: framesEncoded })));
}, (error) => done([{ error: String(error) }]));
"""

READ_CODECS = "return RTCRtpSender.getCapabilities('video').codecs.map(({ mimeType }) => mimeType)"


class ChromePublisher(Page):
    """All its publications and the programme are in one window, which is never hidden."""

    def publish(self, room: str, person: Person, colour: Colour, size: tuple[int, int] = (640, 360),
                layers: list[dict] | None = None, codec: str | None = None) -> None:
        red, green, blue = self.expected_colour(colour)
        self._run(PUBLISH, {
            "name": person.id, "room": room, "token": person.token, "colour": f"rgb({red} {green} {blue})",
            "size": size, "rate": FRAME_RATE, "layers": layers or [{}], "codec": codec})

    def watch(self, room: str) -> None:
        self._run(WATCH, room)
        self.wait(lambda: self.picture_size("#programme")[0] > 0, "the programme plays")

    def sent(self, person: Person) -> list[dict]:
        """What the browser says of each layer that it sends."""
        return self.driver.execute_async_script(READ_SENT, person.id)

    def codecs(self) -> set[str]:
        return set(self.driver.execute_script(READ_CODECS))

    def _run(self, script: str, argument) -> None:
        failed = self.driver.execute_async_script(script, argument)
        assert not failed, failed
