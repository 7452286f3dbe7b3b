// The event stream of a room: reconnects with growing pauses; every connection begins with a `snapshot`.

import { ApiError } from './http.js';
import { currentToken, freshToken, renew } from './session.js';

/** Those who are cut off together come back spread over the first pause. */
const FIRST_PAUSE_MS = 2000;
const PAUSES_MS = [700, 1500, 3000, 6000];
const REPLY_MS = 8000;
const MAX_WAITING = 32;
/** What a server, or a proxy, may ask for at most. */
const MAX_PATIENCE_MS = 60_000;

/** Close codes after which trying again makes no sense: token refused, banned, room over. */
const FINAL_CODES = { 4401: 'auth.invalid', 4403: 'room.user-banned', 4410: 'room.ended' };

/** The same, of a handshake that was refused. */
const FINAL_REFUSALS = new Set([...Object.values(FINAL_CODES), 'room.unknown', 'room.banned', 'auth.banned']);
const TOKEN_REFUSED = 'auth.invalid';
const FAILED = 1006;
/** Too slow, or too many. */
const TOO_MUCH = 1008;
/** From this room or from all of them. */
const BANNED = 4403;

/**
 * Each message becomes an event of its `type` with the message as `detail`. Besides: `up` and `down` when the
 * connection changes, `refused` (with a `code`) when it is over for good, `obstacle` when the server begins or ceases
 * to put the page off: the `ApiError` with which it does so, or null.
 */
export class RoomEvents extends EventTarget {
  constructor(room) {
    super();
    this.path = `/api/v1/rooms/${encodeURIComponent(room)}/events`;
    this.failures = 0;
    this.generation = 0;
    this.lastRef = 0;
    this.wanted = false;
    this.obstacle = null;
    this.waiting = new Map();
    // A connection of the network before may look alive for minutes.
    addEventListener('online', () => this.wanted && this.#lost(0, 0));
  }

  /** Registers `handler(message)` for a type; returns `this`. */
  on(type, handler) {
    this.addEventListener(type, ({ detail }) => handler(detail));
    return this;
  }

  async open() {
    this.wanted = true;
    const generation = ++this.generation;
    const token = await freshToken();
    if (generation !== this.generation) return;
    this.token = token;
    this.hasBegun = false;
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}`, ['mixd.v1', `bearer.${token}`]);
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.socket === socket && this.#receive(data));
    socket.addEventListener('close', ({ code }) => this.socket === socket && this.#lost(code));
  }

  close() {
    this.wanted = false;
    this.generation += 1;
    clearTimeout(this.timer);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  /** Sends a command; resolves with its `ack`, rejects with an error that has the server's `code`. */
  send(type, fields = {}) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN || this.waiting.size >= MAX_WAITING) {
        reject(commandError('offline'));
        return;
      }
      const ref = ++this.lastRef;
      const timer = setTimeout(() => this.#settle(ref, ({ reject: fail }) => fail(commandError('timeout'))), REPLY_MS);
      this.waiting.set(ref, { resolve, reject, timer });
      this.socket.send(JSON.stringify({ type, ref, ...fields }));
    });
  }

  #receive(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message.type === 'ack') {
      this.#settle(message.ref, ({ resolve }) => resolve(message));
    } else if (message.type === 'error') {
      this.#settle(message.ref, ({ reject }) => reject(commandError(message.error?.code, message.error)));
    } else {
      if (message.type === 'snapshot') this.#begin();
      this.#emit(message.type, message);
    }
  }

  #begin() {
    this.failures = 0;
    this.hasBegun = true;
    this.tokenWasRefused = false;
    this.#putOff(null);
    this.#emit('up');
  }

  #settle(ref, finish) {
    const entry = this.waiting.get(ref);
    if (!entry) return;
    clearTimeout(entry.timer);
    this.waiting.delete(ref);
    finish(entry);
  }

  async #lost(closeCode, soonest = null) {
    const generation = ++this.generation;
    const { socket } = this;
    this.socket = null;
    socket?.close();
    this.#emit('down');
    for (const ref of [...this.waiting.keys()]) this.#settle(ref, ({ reject }) => reject(commandError('offline')));
    const isUnclear = !this.hasBegun && [FAILED, TOO_MUCH].includes(closeCode) || closeCode === BANNED;
    const reason = isUnclear ? await this.#reason() : null;
    const refusal = finalCode(reason) ?? FINAL_CODES[closeCode];
    const hasToken = refusal === TOKEN_REFUSED && await this.#renewed();
    if (generation !== this.generation) return;
    if (refusal && !hasToken) {
      this.#refuse(refusal);
      return;
    }
    this.#putOff(isPassing(reason) ? reason : null);
    this.#again(hasToken ? 0 : soonest);
  }

  /** What the server says to the handshake, which the browser keeps to itself; null without an answer. */
  async #reason() {
    try {
      const headers = { Authorization: `Bearer ${this.token}` };
      return await ApiError.from(await fetch(this.path, { headers, signal: AbortSignal.timeout(REPLY_MS) }));
    } catch {
      return null;
    }
  }

  #putOff(obstacle) {
    const isNew = this.obstacle?.code !== obstacle?.code;
    this.obstacle = obstacle;
    if (isNew) this.#emit('obstacle', obstacle);
  }

  #refuse(code) {
    this.wanted = false;
    this.#emit('refused', { code });
  }

  /** Whether there is another token to try, once. */
  async #renewed() {
    if (this.tokenWasRefused) return false;
    this.tokenWasRefused = true;
    await renew(this.token).catch(() => {});
    return currentToken() !== null && currentToken() !== this.token;
  }

  #again(soonest) {
    const pause = soonest ?? pauseAfter(this.failures);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), Math.max(pause, patience(this.obstacle)));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function pauseAfter(failures) {
  if (failures === 0) return FIRST_PAUSE_MS * Math.random();
  return PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] * (0.8 + 0.4 * Math.random());
}

/** The code of a refusal that trying again does not change, or null. */
function finalCode(reason) {
  if (reason?.status === 401) return TOKEN_REFUSED;
  return FINAL_REFUSALS.has(reason?.code) ? reason.code : null;
}

const isPassing = (reason) => [429, 503].includes(reason?.status);

/** How long the server asks to wait. Those who are put off together come back one after the other. */
function patience(obstacle) {
  const asked = (Number(obstacle?.retryAfter) || 0) * 1000;
  return Math.min(asked, MAX_PATIENCE_MS) * (1 + 0.4 * Math.random());
}

function commandError(code, { message = code, reason = null } = {}) {
  return Object.assign(new Error(message), { code, reason });
}
