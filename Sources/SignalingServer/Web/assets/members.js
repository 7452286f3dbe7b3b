// Who is admin of the room and who is muted, kept from the events for the menus.

/** Event `change`. */
export class Members extends EventTarget {
  constructor(events) {
    super();
    this.admins = new Set();
    this.mutes = new Map();
    events
      .on('snapshot', ({ admins = [], mutes = [] }) => this.fill(admins, mutes))
      .on('admin.changed', ({ userId, admin }) => { put(this.admins, userId, admin); this.#changed(); })
      .on('member.muted', ({ userId, seconds }) => { this.mutes.set(userId, endAfter(seconds)); this.#changed(); })
      .on('member.unmuted', ({ userId }) => { this.mutes.delete(userId); this.#changed(); });
  }

  /** All of them, as the server lists them. */
  fill(admins, mutes) {
    this.admins = new Set(admins.map(({ userId }) => userId));
    this.mutes = new Map(mutes.map(({ userId, seconds }) => [userId, endAfter(seconds)]));
    this.#changed();
  }

  isAdmin(userId) {
    return this.admins.has(userId);
  }

  /** Nobody tells that a mute has run out. */
  isMuted(userId) {
    return (this.mutes.get(userId) ?? 0) > Date.now();
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
