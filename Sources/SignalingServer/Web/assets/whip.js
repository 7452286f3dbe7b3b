// Publishing (RFC 9725): one camera and one microphone track into a room.

import { MediaSession } from './media-session.js';
import { withRobustSound } from './sdp.js';

const VIDEO_BITRATE = { 360: 800_000, 540: 1_500_000, 720: 2_500_000 };
const MOST_FRAMES = 60;

/**
 * Starts to publish. The tracks may be exchanged while it runs with `replaceTrack`; `obey` makes the picture as small
 * as it is seen.
 */
export class Publisher extends MediaSession {
  /** `kinds`: what is published, also while there is no track for it yet. */
  constructor({ room, stream, height = 720, kinds = ['audio', 'video'] }) {
    super({
      endpoint: `/whip/${encodeURIComponent(room)}`,
      prepare: (pc) => this.#addTracks(pc),
      refine: withRobustSound,
      takesOver: true,
      sends: true,
    });
    this.tracks = new Map(stream.getTracks().map((track) => [track.kind, track]));
    this.senders = new Map();
    Object.assign(this, { height, kinds });
    this.wish = null;
    this.tuned = Promise.resolve();
  }

  async replaceTrack(track) {
    this.tracks.set(track.kind, track);
    await this.senders.get(track.kind)?.replaceTrack(track);
    this.#tune();
  }

  /** `wish`: what the room wants of the camera (`video.wanted`), or null for all it has. */
  obey(wish) {
    this.wish = wish;
    this.#tune();
  }

  /** Nobody can say any more that the camera is seen again: rather send too much than nothing. */
  loseContact() {
    if (this.wish?.width === 0) this.obey(null);
  }

  /** One change after the other: parameters that were read before another change are refused. */
  #tune() {
    const { pc } = this;
    this.tuned = this.tuned.then(async () => {
      const sender = this.senders.get('video');
      const parameters = sender?.track && sender.getParameters();
      if (!parameters?.encodings?.length || this.pc !== pc) return;
      Object.assign(parameters.encodings[0], encodingFor(this.wish, sender.track, this.#mostBitrate));
      await sender.setParameters(parameters);
    }).catch((error) => console.warn('the picture could not be fitted', error));
  }

  get #mostBitrate() {
    return VIDEO_BITRATE[this.height] ?? VIDEO_BITRATE[720];
  }

  /** Each kind gets its line at once, so that a track that comes later needs no other offer. */
  #addTracks(pc) {
    // The room says anew what it wants of a new connection.
    this.wish = null;
    this.senders.clear();
    const stream = new MediaStream([...this.tracks.values()]);
    for (const kind of this.kinds) {
      const isVideo = kind === 'video';
      const options = { direction: 'sendonly', streams: [stream] };
      const track = this.tracks.get(kind) ?? kind;
      const transceiver = isVideo ? addPicture(pc, track, options, this.#mostBitrate) : pc.addTransceiver(track, options);
      this.senders.set(kind, transceiver.sender);
      if (isVideo) prefer(transceiver, 'video/vp8', RTCRtpReceiver.getCapabilities?.('video'));
      else prefer(transceiver, 'audio/red', RTCRtpSender.getCapabilities?.('audio'));
    }
  }
}

/**
 * In temporal layers, where the browser knows them: who receives the picture on stage by too narrow a path then gets
 * fewer pictures a second instead of none.
 */
function addPicture(pc, track, options, maxBitrate) {
  try {
    return pc.addTransceiver(track, { ...options, sendEncodings: [{ maxBitrate, scalabilityMode: 'L1T3' }] });
  } catch {
    // If it was something else it is thrown again.
    return pc.addTransceiver(track, { ...options, sendEncodings: [{ maxBitrate }] });
  }
}

/** The picture is scaled so that it just fills the wanted rectangle, never enlarged. */
function encodingFor(wish, track, mostBitrate) {
  if (!wish) return { active: true, scaleResolutionDownBy: 1, maxBitrate: mostBitrate, maxFramerate: MOST_FRAMES };
  if (wish.width === 0) return { active: false };
  const { width = wish.width, height = wish.height } = track.getSettings();
  return {
    active: true,
    scaleResolutionDownBy: Math.max(1, Math.min(width / wish.width, height / wish.height)),
    maxBitrate: Math.min(mostBitrate, wish.bitrate),
    maxFramerate: wish.frameRate,
  };
}

/** This type first, where there is one; the rest stays, so that the server has the last word. */
function prefer(transceiver, type, capabilities) {
  const codecs = capabilities?.codecs ?? [];
  const isWanted = (codec) => codec.mimeType.toLowerCase() === type;
  if (!codecs.some(isWanted)) return;
  const ordered = [...codecs.filter(isWanted), ...codecs.filter((codec) => !isWanted(codec))];
  try {
    transceiver.setCodecPreferences?.(ordered);
  } catch (error) {
    console.warn('codec preferences were refused', error);
  }
}
