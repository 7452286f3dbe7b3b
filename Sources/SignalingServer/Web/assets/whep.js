// Watching by WHEP: the programme of a room, or with `stage` the forwarded media of one participant.

import { MediaSession } from './media-session.js';

/** Plays into `element`. `element.muted` is the caller's. */
export class Player extends MediaSession {
  constructor({ room, element, stage = null }) {
    const query = stage ? `?stage=${encodeURIComponent(stage)}` : '';
    super({
      endpoint: `/whep/${encodeURIComponent(room)}${query}`,
      prepare: (pc) => this.#receive(pc),
    });
    this.element = element;
    this.isStage = stage !== null;
    this.addEventListener('track', ({ detail }) => this.#attach(detail));
  }

  /** Receives no more lines than the element shows; for a stage player that has not started yet. */
  start() {
    const lines = Math.round(this.element.clientHeight * devicePixelRatio);
    if (this.isStage && lines > 0) {
      const endpoint = new URL(this.endpoint, location.href);
      endpoint.searchParams.set('height', lines);
      this.endpoint = endpoint.href;
    }
    return super.start();
  }

  stop() {
    super.stop();
    this.element.srcObject = null;
  }

  /** Starts the element; resolves to `false` when the browser wants a tap before there may be sound. */
  async play() {
    try {
      await this.element.play();
      return true;
    } catch (error) {
      return error.name !== 'NotAllowedError';
    }
  }

  #receive(pc) {
    this.stream = new MediaStream();
    pc.addTransceiver('audio', { direction: 'recvonly' });
    pc.addTransceiver('video', { direction: 'recvonly' });
  }

  #attach({ track }) {
    this.stream.addTrack(track);
    if (this.element.srcObject !== this.stream) this.element.srcObject = this.stream;
    this.play().then((allowed) => {
      if (!allowed) this.dispatchEvent(new Event('blocked'));
    });
  }
}
