// One WebRTC session over WHIP or WHEP that comes back by itself: offer, POST, answer, DELETE at the end, and a fresh
// session with growing pauses whenever the connection is lost.

import { ApiError } from './api.js';

const SETUP_MS = 12_000;
const LOST_MS = 5000;
const RELEASE_MS = 3000;
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Refusals that trying again does not change: a bad request, no right, no such room, a room that is over. */
const isFinal = (error) => [400, 401, 403, 410, 415].includes(error.status) || error.code === 'room.unknown';

/**
 * Events: `state` (see `state`), `track` (`detail`: RTCTrackEvent), `refused` (`detail`: ApiError, then it is over).
 * `state`: idle | connecting | connected | reconnecting | failed | closed.
 */
export class MediaSession extends EventTarget {
  /** `prepare(pc)` adds the transceivers of a fresh connection. */
  constructor({ endpoint, token, prepare }) {
    super();
    Object.assign(this, { endpoint, token, prepare });
    this.state = 'idle';
    this.failures = 0;
    this.pc = null;
    this.resource = null;
  }

  async start() {
    this.#enter(this.failures === 0 ? 'connecting' : 'reconnecting');
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.pc = pc;
    pc.addEventListener('track', (event) => this.dispatchEvent(new CustomEvent('track', { detail: event })));
    pc.addEventListener('connectionstatechange', () => this.#connectionChanged(pc));
    this.timer = setTimeout(() => this.#restart(pc), SETUP_MS);
    try {
      this.prepare(pc);
      // No waiting for candidates: the server is ICE-lite and learns addresses from the checks that reach it.
      await pc.setLocalDescription(await pc.createOffer());
      const { answer, resource } = await this.#exchange(pc.localDescription.sdp);
      if (this.pc !== pc) {
        release(resource, this.token);
        return;
      }
      this.resource = resource;
      await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      if (this.pc === pc) this.#failed(pc, error);
    }
  }

  /** Ends the session. Safe while the page goes away: the request outlives it. */
  stop() {
    this.#drop();
    this.failures = 0;
    this.#enter('closed');
  }

  async #exchange(offer) {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...authorization(this.token) },
      body: offer,
    });
    if (!response.ok) throw await ApiError.from(response);
    const location = response.headers.get('Location');
    const resource = location ? new URL(location, response.url).href : null;
    return { answer: await response.text(), resource };
  }

  #connectionChanged(pc) {
    if (this.pc !== pc) return;
    if (pc.connectionState === 'connected') {
      clearTimeout(this.timer);
      this.failures = 0;
      this.#enter('connected');
    } else if (pc.connectionState === 'disconnected') {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#restart(pc), LOST_MS);
    } else if (pc.connectionState === 'failed' || pc.connectionState === 'closed') {
      this.#restart(pc);
    }
  }

  #failed(pc, error) {
    if (error instanceof ApiError && isFinal(error)) {
      this.#drop();
      this.#enter('failed');
      this.dispatchEvent(new CustomEvent('refused', { detail: error }));
    } else {
      this.#restart(pc);
    }
  }

  #restart(pc) {
    if (this.pc !== pc) return;
    this.#drop();
    const pause = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)] * (0.8 + 0.4 * Math.random());
    this.failures += 1;
    this.#enter('reconnecting');
    this.timer = setTimeout(() => this.start(), pause);
  }

  #drop() {
    clearTimeout(this.timer);
    const { pc, resource } = this;
    this.pc = null;
    this.resource = null;
    // The DELETE first: closing says goodbye to the media server, for which the resource would then be gone.
    release(resource, this.token).finally(() => pc?.close());
  }

  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event('state'));
  }
}

const authorization = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

async function release(resource, token) {
  if (!resource) return;
  const signal = AbortSignal.timeout(RELEASE_MS);
  await fetch(resource, { method: 'DELETE', headers: authorization(token), keepalive: true, signal }).catch(() => {});
}
