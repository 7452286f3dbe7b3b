// Who is admin of the room, and who is muted or banned, kept from the events for the menus; and who may undo what.

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
        this.bans = null;
        this.fill(admins, mutes);
      })
      .on('admin.changed', ({ userId, admin }) => { put(this.admins, userId, admin); this.#changed(); })
      .on('member.muted', (mute) => { this.#mute(mute); this.#changed(); })
      .on('member.unmuted', ({ userId }) => { this.mutes.delete(userId); this.#changed(); });
    // They do not say who imposed it.
    for (const type of ['member.banned', 'member.unbanned']) events.on(type, () => { this.bans = null; });
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

  /** The ban of somebody, null if there is none. No snapshot has bans: they are asked for when one is looked for. */
  async findBan(userId) {
    const bans = this.bans ??= this.#listBans();
    try {
      const ban = (await bans).get(userId);
      return ban && ban.end > Date.now() ? ban : null;
    } catch (error) {
      if (this.bans === bans) this.bans = null;
      throw error;
    }
  }

  async #listBans() {
    const found = new Map();
    for (let cursor; cursor !== null;) {
      const { bans, next } = await api.bans(this.room, cursor);
      for (const ban of bans) found.set(ban.userId, { ...ban, end: endAfter(ban.seconds) });
      cursor = next;
    }
    return found;
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
    this.mutes.set(userId, { userId, end: endAfter(seconds), byId, byName });
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

const endAfter = (seconds) => (seconds ? Date.now() + seconds * 1000 : Infinity);

function put(set, value, present) {
  if (present) set.add(value);
  else set.delete(value);
}
