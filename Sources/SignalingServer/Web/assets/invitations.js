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
    const [next] = [...this.pending.values()].filter(({ end }) => end > Date.now());
    if (!next || this.current || !this.isFree()) return;
    const { invitation, end } = next;
    const withdrawal = new AbortController();
    this.current = { id: invitation.id, withdrawal };
    const key = invitation.media === 'audio' ? 'cohost.invited-audio' : 'cohost.invited';
    const accepted = await ask(key, 'cohost.accept', 'cohost.reject', { name: this.hostName() }, {
      signal: withdrawal.signal, seconds: (end - Date.now()) / 1000,
    });
    this.pending.delete(invitation.id);
    if (!withdrawal.signal.aborted) await this.onAnswer(invitation, accepted);
    this.current = null;
    this.look();
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
    this.pending.delete(id);
    if (this.current?.id !== id) return;
    this.current.withdrawal.abort();
    if (state === 'cancelled' || state === 'expired') this.onSay(`cohost.invitation-${state}`);
  }
}
