// One WebRTC session over WHIP or WHEP that comes back by itself: offer, POST, answer, DELETE at the end. A connection
// that is lost is looked for anew by an ICE restart; if that does not help, a fresh session takes its place.

import { ApiError } from './http.js';
import { restartFragment, restartedAnswer } from './sdp.js';
import { currentToken, freshToken } from './session.js';

const SETUP_MS = 12_000;
const REQUEST_MS = 3000;
const RESTART_MS = 4000;
const OFFLINE_MS = 1000;
const PAUSES_MS = [0, 1000, 2000, 4000, 8000];

/** Refusals that trying again does not change: a bad request, no right, no such room, a room that is over. */
const isFinal = (error) => [400, 401, 403, 410, 415].includes(error.status) || error.code === 'room.unknown';

/** Refusals that say why it does not work right now: too many, too often, a server that is busy. */
const isPassing = (error) => [429, 503].includes(error.status);

/** Another page of this user has taken over. To begin anew would take over from it, and it from us, without end. */
const isReplaced = (error) => error.code === 'session.replaced';

/** The server has said no by itself: nothing came of what was asked. A proxy cannot know. */
const isRefusal = (error) => error instanceof ApiError && !/^http\.\d+$/.test(error.code);

/**
 * Events: `state` (see `state`), `track` (`detail`: RTCTrackEvent), `refused` (`detail`: ApiError, then it is over).
 * `state`: idle | connecting | connected | reconnecting | failed | closed. `obstacle`: the ApiError with which the
 * server puts it off while it is reconnecting, or null.
 */
export class MediaSession extends EventTarget {
  /**
   * `prepare(pc)` adds the transceivers of a fresh connection, `refine(sdp)` has the last word about an offer.
   * `takesOver`: a new session ends the one before it, which must not be ended first, and this object is a page of its
   * own for the server. `sends`: others notice at once when it ends.
   */
  constructor({ endpoint, prepare, refine = (sdp) => sdp, takesOver = false, sends = false }) {
    super();
    Object.assign(this, { endpoint, prepare, refine, takesOver, sends });
    this.page = takesOver ? randomName() : null;
    this.hasBegun = false;
    this.state = 'idle';
    this.obstacle = null;
    this.failures = 0;
    this.pc = null;
    this.resource = null;
    this.retiredResource = null;
  }

  async start() {
    this.#listen();
    this.#enter(this.failures === 0 ? 'connecting' : 'reconnecting', this.obstacle);
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.pc = pc;
    this.replaced = new Set();
    pc.addEventListener('track', (event) => this.dispatchEvent(new CustomEvent('track', { detail: event })));
    pc.addEventListener('connectionstatechange', () => this.#connectionChanged(pc));
    this.timer = setTimeout(() => this.#renew(pc), SETUP_MS);
    const { hasBegun } = this;
    try {
      this.prepare(pc);
      // No waiting for candidates: the server is ICE-lite and learns addresses from the checks that reach it.
      await this.#offer(pc);
      const token = await freshToken();
      if (this.pc !== pc) return;
      const { answer, resource } = await this.#exchange(pc.localDescription.sdp, token);
      if (this.pc !== pc) {
        release(resource);
        return;
      }
      Object.assign(this, { resource, answer });
      this.#dismissRetired();
      if (resource && this.replaced.has(resource.split('/').at(-1))) throw replacement();
      await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch (error) {
      if (this.pc !== pc) return;
      if (isRefusal(error)) this.hasBegun = hasBegun;
      this.#failed(pc, error);
    }
  }

  /**
   * The server has given the place of `session` to another one of this user: ours, if this page did not begin it. The
   * news may be faster than the answer that tells us which session we are.
   */
  giveWay(session) {
    const isOurs = [this.resource, this.retiredResource].some((one) => one?.endsWith(`/${session}`));
    if (isOurs) this.#refuse(replacement());
    else this.replaced?.add(session);
  }

  /** Ends the session. Safe while the page goes away: the request outlives it. */
  stop() {
    this.#stopListening();
    this.#drop();
    this.failures = 0;
    this.#enter('closed');
  }

  /** Another network is there: the path through it is looked for before the old one is missed. */
  #listen() {
    if (this.listening) return;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const look = () => this.#repair(this.pc);
    addEventListener('online', look, { signal });
    const { connection } = navigator;
    let type = connection?.type;
    // Also fires for every new estimate of rate and round trip, which are no other network.
    connection?.addEventListener?.('change', () => {
      if (connection.type !== type) look();
      type = connection.type;
    }, { signal });
  }

  #stopListening() {
    this.listening?.abort();
    this.listening = null;
  }

  async #offer(pc, options) {
    const { sdp } = await pc.createOffer(options);
    await pc.setLocalDescription({ type: 'offer', sdp: this.refine(sdp) });
  }

  /** Where to begin. A renewal, also of what may have begun without an answer, takes nothing over from another page. */
  #address(isRenewal) {
    if (!this.takesOver) return this.endpoint;
    const address = new URL(this.endpoint, location.href);
    address.searchParams.set('page', this.page);
    if (isRenewal) address.searchParams.set('renewal', 'true');
    return address.href;
  }

  async #exchange(offer, token) {
    const address = this.#address(this.hasBegun);
    this.hasBegun = true;
    // From now on it may be this request that the old one gives way to: its answer tells.
    this.retiredResource = null;
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...authorization(token) },
      body: offer,
      signal: AbortSignal.timeout(SETUP_MS),
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
    } else if (pc.connectionState === 'disconnected' || pc.connectionState === 'failed') {
      this.#enter('reconnecting');
      this.#repair(pc);
    } else if (pc.connectionState === 'closed') {
      this.#askBeforeRenewal(pc);
    }
  }

  // Repair

  /** Restarts ICE until the connection is back, or is known to be beyond repair. */
  async #repair(pc) {
    if (!pc || this.pc !== pc || this.repairing === pc || !this.resource) return;
    clearTimeout(this.timer);
    this.repairing = pc;
    let outcome = 'offline';
    while (this.pc === pc && outcome === 'offline') {
      outcome = await this.#restart(pc);
      if (outcome === 'offline') await pause(OFFLINE_MS);
      if (outcome === 'restarted') await connected(pc, RESTART_MS);
      if (pc.connectionState === 'connected') break;
    }
    this.repairing = null;
    if (pc.connectionState !== 'connected') this.#renew(pc);
  }

  /** A connection that the other side has closed cannot be restarted; why it did is asked with nothing to say. */
  async #askBeforeRenewal(pc) {
    if (this.takesOver && this.resource) {
      await this.#patch('a=end-of-candidates\r\n').catch((error) => this.#noticeReplacement(pc, error));
    }
    this.#renew(pc);
  }

  /** Returns `restarted`, `offline` when the server was not reached, or `gone` when it does not know us any more. */
  async #restart(pc) {
    try {
      await this.#offer(pc, { iceRestart: true });
      const fragment = await this.#patch(restartFragment(pc.localDescription.sdp));
      if (this.pc !== pc) return 'gone';
      this.answer = restartedAnswer(this.answer, fragment);
      await pc.setRemoteDescription({ type: 'answer', sdp: this.answer });
      return 'restarted';
    } catch (error) {
      this.#noticeReplacement(pc, error);
      if (pc.signalingState === 'have-local-offer') {
        await pc.setLocalDescription({ type: 'rollback' }).catch(() => {});
      }
      // What `fetch` says of a network that is not there, or not any more.
      return error instanceof TypeError || error.name === 'TimeoutError' ? 'offline' : 'gone';
    }
  }

  async #patch(fragment) {
    const response = await fetch(this.resource, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*', ...authorization(await freshToken()),
      },
      body: fragment,
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    if (!response.ok) throw await ApiError.from(response);
    return response.text();
  }

  // Renewal

  #failed(pc, error) {
    if (error instanceof ApiError && isFinal(error)) this.#refuse(error);
    else this.#renew(pc, isPassing(error) ? error : null);
  }

  #noticeReplacement(pc, error) {
    if (this.pc === pc && isReplaced(error)) this.#refuse(error);
  }

  #refuse(error) {
    this.#stopListening();
    // What was replaced is over on the server as well.
    if (isReplaced(error)) this.resource = null;
    this.#drop();
    this.#enter('failed');
    this.dispatchEvent(new CustomEvent('refused', { detail: error }));
  }

  #renew(pc, obstacle = null) {
    if (this.pc !== pc) return;
    if (this.takesOver && this.resource) this.#retire(pc);
    else this.#drop();
    const wait = PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)] * (0.8 + 0.4 * Math.random());
    const asked = (Number(obstacle?.retryAfter) || 0) * 1000 * (1 + 0.4 * Math.random());
    this.failures += 1;
    this.#enter('reconnecting', obstacle);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), Math.max(wait, asked));
  }

  /** Closing the old connection says goodbye, so it stays until the new one was answered. */
  #retire(pc) {
    this.retired?.close();
    this.retired = pc;
    this.retiredResource = this.resource;
    this.pc = null;
    this.resource = null;
  }

  #dismissRetired() {
    this.retired?.close();
    this.retired = null;
  }

  #drop() {
    clearTimeout(this.timer);
    const { pc, resource } = this;
    this.pc = null;
    this.resource = null;
    this.retiredResource = null;
    this.#dismissRetired();
    // For who sends the DELETE comes first: after a goodbye by media alone his seat is kept for a while. Who receives
    // closes at once: browsers keep no page with an open connection for the way back.
    if (!this.sends) pc?.close();
    release(resource).finally(() => pc?.close());
  }

  #enter(state, obstacle = null) {
    if (this.state === state && this.obstacle?.code === obstacle?.code) return;
    Object.assign(this, { state, obstacle });
    this.dispatchEvent(new Event('state'));
  }
}

/** Unlike `randomUUID` also where the page came by plain HTTP. */
const randomName = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');

const replacement = () => new ApiError(410, 'session.replaced', 'Another page.');

const authorization = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/** Resolves when `pc` is connected, or after `time`. */
async function connected(pc, time) {
  for (let waited = 0; waited < time && pc.connectionState !== 'connected'; waited += 100) await pause(100);
}

async function release(resource) {
  if (!resource) return;
  const headers = authorization(currentToken());
  const signal = AbortSignal.timeout(REQUEST_MS);
  await fetch(resource, { method: 'DELETE', headers, keepalive: true, signal }).catch(() => {});
}
