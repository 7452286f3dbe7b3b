// Publishing (RFC 9725): one camera and one microphone track into a room.

import { MediaSession } from './media-session.js';

const VIDEO_BITRATE = { 360: 800_000, 540: 1_500_000, 720: 2_500_000 };

/** Starts to publish. The tracks may be exchanged while it runs with `replaceTrack`. */
export class Publisher extends MediaSession {
  constructor({ room, token, stream, height = 720 }) {
    super({
      endpoint: `/whip/${encodeURIComponent(room)}`,
      token,
      prepare: (pc) => this.#addTracks(pc),
    });
    this.tracks = new Map(stream.getTracks().map((track) => [track.kind, track]));
    this.height = height;
  }

  async replaceTrack(track) {
    this.tracks.set(track.kind, track);
    const sender = this.pc?.getSenders().find((candidate) => candidate.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  #addTracks(pc) {
    const stream = new MediaStream([...this.tracks.values()]);
    const audio = this.tracks.get('audio');
    if (audio) pc.addTransceiver(audio, { direction: 'sendonly', streams: [stream] });
    const video = this.tracks.get('video');
    if (!video) return;
    const transceiver = pc.addTransceiver(video, {
      direction: 'sendonly',
      streams: [stream],
      sendEncodings: [{ maxBitrate: VIDEO_BITRATE[this.height] ?? VIDEO_BITRATE[720] }],
    });
    preferVP8(transceiver);
  }
}

/** VP8 first; the rest stays, so that the server has the last word. */
function preferVP8(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? [];
  const isVP8 = (codec) => codec.mimeType.toLowerCase() === 'video/vp8';
  const ordered = [...codecs.filter(isVP8), ...codecs.filter((codec) => !isVP8(codec))];
  try {
    transceiver.setCodecPreferences?.(ordered);
  } catch (error) {
    console.warn('codec preferences were refused', error);
  }
}
