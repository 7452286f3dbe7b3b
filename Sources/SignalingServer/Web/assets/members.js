// Who is admin of the room and who is muted, kept from the events for the menus, and who may undo what.

import { api } from './api.js';

/** Event `change`. */
export class Members extends EventTarget {
  constructor(room, events, standing) {
    super();
    Object.assign(this, { room, standing, hostId: null });
    this.admins = new Set();
    this.mutes = new Map();
    this.operators = new Map();
    events
      .on('snapshot', ({ room: { hostId }, admins = [], mutes = [] }) => {
        this.hostId = hostId;
        this.fill(admins, mutes);
      })
      .on('admin.changed', ({ userId, admin }) => { put(this.admins, userId, admin); this.#changed(); })
      .on('member.muted', (mute) => { this.#mute(mute); this.#changed(); })
      .on('member.unmuted', ({ userId }) => { this.mutes.delete(userId); this.#changed(); });
  }

  /** All of them, as the server lists them. */
  fill(admins, mutes) {
    this.admins = new Set(admins.map(({ userId }) => userId));
    this.mutes.clear();
    for (const mute of mutes) this.#mute(mute);
    this.#changed();
  }

  isAdmin(userId) {
    return this.admins.has(userId);
  }

  /** Nobody tells that a mute has run out. */
  isMuted(userId) {
    return (this.mutes.get(userId)?.end ?? 0) > Date.now();
  }

  /** The mute of somebody and who imposed it, which the events do not say; null if there is none. */
  async findMute(userId) {
    if (!this.isMuted(userId)) return null;
    for (let cursor; this.mutes.get(userId)?.byId === undefined && cursor !== null;) {
      const { mutes, next } = await api.mutes(this.room, cursor);
      for (const mute of mutes) this.#mute(mute);
      cursor = next;
    }
    if (this.mutes.get(userId).byId === undefined) this.mutes.delete(userId);
    return this.mutes.get(userId) ?? null;
  }

  /** Whether a mute or ban may be lifted here: nobody lifts his own, and an admin none of the host or an operator. */
  async mayLift({ userId, byId }) {
    const { me, isHost, operator, moderates } = this.standing;
    if (!moderates || userId === me) return false;
    if (isHost || operator || byId === me) return true;
    return byId !== undefined && byId !== this.hostId && !(await this.#isOperator(byId));
  }

  /** Who cannot be looked up may be one. */
  async #isOperator(userId) {
    if (!this.operators.has(userId)) {
      const user = await api.user(userId).catch(() => ({ operator: true }));
      this.operators.set(userId, user.operator === true);
    }
    return this.operators.get(userId);
  }

  #mute({ userId, seconds, byId, byName }) {
    const end = seconds ? Date.now() + seconds * 1000 : Infinity;
    this.mutes.set(userId, { userId, end, byId, byName });
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

function put(set, value, present) {
  if (present) set.add(value);
  else set.delete(value);
}
