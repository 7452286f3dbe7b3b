// A host who asks a viewer on stage: the question, until it is answered or taken back.

import { ask } from './dialogs.js';

export class Invitations {
  /**
   * `isFree()`: whether the viewer can be asked now; what comes at another time waits for `look`. `onAnswer(invitation,
   * accepted)` sends the answer, `onSay(key)` tells how it ended without one.
   */
  constructor(events, { me, isFree, hostName, onAnswer, onSay }) {
    Object.assign(this, { me, isFree, hostName, onAnswer, onSay, current: null });
    this.pending = new Map();
    events
      .on('snapshot', ({ invitations }) => this.#replace(invitations))
      .on('invitation.created', ({ invitation }) => { this.#note(invitation); this.look(); })
      .on('invitation.updated', ({ invitation }) => this.#updated(invitation));
  }

  close() {
    this.pending.clear();
    this.current?.withdrawal.abort();
  }

  /** Asks what waits to be asked, one after the other. */
  async look() {
    const [next] = [...this.pending.values()].filter(({ end, isOver }) => !isOver && end > Date.now());
    if (!next || this.current || !this.isFree()) return;
    const { invitation, end } = next;
    const withdrawal = new AbortController();
    this.current = { id: invitation.id, withdrawal };
    const key = invitation.media === 'audio' ? 'cohost.invited-audio' : 'cohost.invited';
    const accepted = await ask(key, 'cohost.accept', 'cohost.reject', { name: this.hostName() }, {
      signal: withdrawal.signal, seconds: (end - Date.now()) / 1000,
    });
    if (accepted === null) this.#lapse(invitation.id);
    else {
      this.pending.delete(invitation.id);
      await this.onAnswer(invitation, accepted);
    }
    this.current = null;
    this.look();
  }

  /** The server says what becomes of it. */
  #lapse(id) {
    const entry = this.pending.get(id);
    if (entry) entry.isOver = true;
  }

  #note(invitation) {
    if (invitation.userId !== this.me) return;
    this.pending.set(invitation.id, { invitation, end: Date.now() + invitation.expiresIn * 1000 });
  }

  /** What ended while nothing was heard is not in the snapshot. */
  #replace(invitations) {
    this.pending.clear();
    for (const invitation of invitations) this.#note(invitation);
    if (this.current && !this.pending.has(this.current.id)) this.current.withdrawal.abort();
    this.look();
  }

  #updated({ id, state }) {
    if (state === 'pending') return;
    const isAsked = this.current?.id === id;
    const wasAsked = this.pending.get(id)?.isOver;
    this.pending.delete(id);
    if (isAsked) this.current.withdrawal.abort();
    const isNews = state === 'cancelled' || state === 'expired';
    if (isNews && (isAsked || wasAsked)) this.onSay(`cohost.invitation-${state}`);
  }
}
