// A host who asks a viewer on stage: the question, until it is answered or taken back.

import { ask } from './dialogs.js';

export class Invitations {
  /**
   * `isFree()`: whether the viewer can be asked now. `onAnswer(invitation, accepted)` sends the answer, `onSay(key)`
   * tells how it ended without one.
   */
  constructor(events, { me, isFree, hostName, onAnswer, onSay }) {
    Object.assign(this, { me, isFree, hostName, onAnswer, onSay, current: null });
    events
      .on('snapshot', ({ invitations }) => invitations.slice(0, 1).forEach((invitation) => this.#ask(invitation)))
      .on('invitation.created', ({ invitation }) => this.#ask(invitation))
      .on('invitation.updated', ({ invitation }) => this.#updated(invitation));
  }

  close() {
    this.current?.withdrawal.abort();
  }

  async #ask(invitation) {
    if (invitation.userId !== this.me || this.current || !this.isFree()) return;
    const withdrawal = new AbortController();
    this.current = { id: invitation.id, withdrawal };
    const accepted = await ask('cohost.invited', 'cohost.accept', 'cohost.reject', { name: this.hostName() }, {
      signal: withdrawal.signal, seconds: invitation.expiresIn,
    });
    this.current = null;
    if (!withdrawal.signal.aborted) await this.onAnswer(invitation, accepted);
  }

  #updated({ id, state }) {
    if (this.current?.id !== id || state === 'pending') return;
    this.close();
    if (state === 'cancelled' || state === 'expired') this.onSay(`cohost.invitation-${state}`);
  }
}
