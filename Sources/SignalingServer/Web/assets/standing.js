// What this user is in the room and what he may do there at the moment.

/** Event `change`. `settings` are those of the room. */
export class Standing extends EventTarget {
  constructor(events, me) {
    super();
    Object.assign(this, {
      me, role: 'viewer', admin: false, operator: false, mutedUntil: 0, muteReason: '', settings: {},
    });
    events
      .on('snapshot', ({ settings, role, standing }) => this.#begin(settings, role, standing))
      .on('room.updated', ({ room }) => this.#change({ settings: { ...this.settings, ...room.settings } }))
      .on('participant.joined', ({ participant }) => this.#sit(participant))
      .on('participant.left', ({ userId }) => {
        if (userId === me && this.role === 'cohost') this.#change({ role: 'viewer' });
      })
      .on('member.muted', ({ userId, seconds, reason = '' }) => {
        if (userId === me) this.#change({ mutedUntil: untilAfter(seconds), muteReason: reason });
      })
      .on('member.unmuted', ({ userId }) => userId === me && this.#change({ mutedUntil: 0 }))
      .on('admin.changed', ({ userId, admin }) => userId === me && this.#change({ admin }));
  }

  get isHost() { return this.role === 'host'; }

  /** May mute, ban and delete. */
  get moderates() { return this.isHost || this.admin || this.operator; }

  /** The text of why nothing may be written now, or null. */
  get silence() {
    if (this.mutedUntil > Date.now()) {
      const key = this.mutedUntil === Infinity ? 'chat.muted-forever' : 'chat.muted';
      return this.muteReason ? `${key}-because` : key;
    }
    return this.settings.muteAll && !this.moderates ? 'chat.muted-all' : null;
  }

  /** Whether moderating a person with that role is possible at all; the server has the last word. */
  outranks({ userId, role, admin }) {
    if (!this.moderates || userId === this.me || role === 'host') return false;
    return this.isHost || this.operator || !(admin || role === 'admin');
  }

  /** What the server has answered to a change: unlike `room.updated`, it has what only some may see. */
  keep(settings) {
    this.#change({ settings });
  }

  #begin(settings, role, standing) {
    const mutedUntil = standing.muted ? untilAfter(standing.mutedFor) : 0;
    const muteReason = standing.mutedReason ?? '';
    this.#change({
      role, admin: standing.admin, operator: standing.operator ?? false, mutedUntil, muteReason, settings,
    });
  }

  #sit({ userId, role }) {
    if (userId === this.me) this.#change({ role });
  }

  #change(fields) {
    Object.assign(this, fields);
    clearTimeout(this.timer);
    const left = this.mutedUntil - Date.now();
    if (left > 0 && left < 2 ** 31) this.timer = setTimeout(() => this.#change({}), left + 100);
    this.dispatchEvent(new Event('change'));
  }
}

const untilAfter = (seconds) => (seconds ? Date.now() + seconds * 1000 : Infinity);
