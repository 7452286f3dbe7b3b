// Whom the host or an admin has invited on stage and who has not answered yet, and what became of it.

import { api } from './api.js';
import { attempt } from './errors.js';
import { bindText, t } from './i18n.js';
import { avatar, countDown, el, show, toast } from './ui.js';

export class SentInvitations {
  /** Fills `box`, which is seen while somebody is asked. `isOn()`: whether this user invites people. */
  constructor({ box, room, me, events, isOn = () => true }) {
    Object.assign(this, { box, room, me, isOn });
    this.pending = new Map();
    this.list = el('ul', { class: 'list', data: { test: 'sent-invitations' } });
    box.append(el('h2', { i18n: 'invitations.title' }), this.list);
    show(box, false);
    events
      .on('snapshot', ({ invitations }) => { if (isOn()) this.fill(invitations); })
      .on('invitation.created', ({ invitation }) => { if (isOn()) this.#put(invitation); })
      .on('invitation.updated', ({ invitation }) => this.#update(invitation));
  }

  /** All that wait for an answer, as the server lists them. */
  fill(invitations) {
    const present = new Set(invitations.map(({ id }) => id));
    for (const id of [...this.pending.keys()]) if (!present.has(id)) this.#drop(id);
    for (const invitation of invitations) if (!this.pending.has(invitation.id)) this.#put(invitation);
  }

  #put(invitation) {
    if (invitation.userId === this.me) return;
    const old = this.pending.get(invitation.id);
    const entry = this.#entry(invitation);
    if (old) old.node.replaceWith(entry.node);
    else this.list.append(entry.node);
    old?.stop();
    this.pending.set(invitation.id, entry);
    show(this.box, true);
  }

  #update(invitation) {
    const { id, state } = invitation;
    if (!this.pending.has(id)) return;
    if (state === 'pending') return this.#put(invitation);
    this.#drop(id);
    this.#tell(invitation);
  }

  #drop(id) {
    const entry = this.pending.get(id);
    entry?.stop();
    entry?.node.remove();
    this.pending.delete(id);
    show(this.box, this.pending.size > 0);
  }

  /** Who took it back himself, or accepted another request, is no news. */
  #tell({ name, state, reason }) {
    if (state === 'rejected') {
      toast(reason ? 'invitations.rejected-because' : 'invitations.rejected', { name, reason });
    } else if (state !== 'cancelled') {
      toast(`invitations.${state}`, { name });
    } else if (reason && reason !== 'seated') {
      toast('invitations.lapsed', { name });
    }
  }

  #entry({ id, userId, name, media, expiresIn }) {
    const facts = el('span');
    const cancel = el('button', {
      type: 'button', class: 'small', i18n: 'invitations.cancel', data: { test: 'cancel-invitation' },
      attrs: { 'aria-description': name }, on: { click: () => this.#cancel(id, cancel) },
    });
    const node = el('li', { data: { id, userId, test: 'sent-invitation' } }, avatar(name),
      el('div', { class: 'who' }, el('strong', { text: name }), facts), cancel);
    const stop = countDown(expiresIn, (left) => {
      bindText(facts, 'applicants.facts', { media: t(`applicants.${media}`), seconds: left });
    });
    return { node, stop };
  }

  async #cancel(id, button) {
    button.disabled = true;
    if (!(await attempt(() => api.answerInvitation(this.room, id, 'cancel')))) button.disabled = false;
  }
}
