// What can be done about somebody who wrote in the chat: invite, mute, ban, make admin, delete his message.

import { api } from './api.js';
import { ask, askText, choose } from './dialogs.js';
import { attempt } from './errors.js';
import { toast } from './ui.js';

/** Seconds, text and its number; 0 is for ever. */
const MUTES = [
  ['60', 'common.minutes', 1], ['600', 'common.minutes', 10], ['3600', 'common.hours', 1],
  ['86400', 'common.hours', 24], ['0', 'person.mute-forever', 0],
];

/** `members` is what is known of admins and muted people. */
export class PersonMenu {
  constructor({ room, standing, roster, members }) {
    Object.assign(this, { room, standing, roster, members });
  }

  async open(message) {
    const { userId, name, id } = message;
    const admin = this.members.isAdmin(userId);
    const ranks = this.standing.outranks({ ...message, admin });
    const mute = ranks ? await this.members.findMute(userId).catch(() => null) : null;
    const lifts = mute !== null && await this.members.mayLift(mute);
    const choices = this.#choices({ ...message, admin, ranks, mute, lifts });
    if (choices.length === 0) return;
    const note = mute?.byName ? { key: 'person.muted-by', params: { name: mute.byName } } : null;
    const action = await choose(name, message.text || { key: 'stage.viewer' }, choices, { note });
    if (action) await attempt(() => this.#do(action, { userId, name, id }));
  }

  #choices({ userId, admin, ranks, mute, lifts }) {
    const { standing } = this;
    const own = userId === standing.me;
    const onStage = Boolean(this.roster.get(userId));
    return [
      standing.moderates && !own && !onStage && { value: 'invite', key: 'person.invite' },
      ranks && !mute && { value: 'mute', key: 'person.mute' },
      lifts && { value: 'unmute', key: 'person.unmute' },
      standing.isHost && !own && !admin && { value: 'admin', key: 'person.make-admin' },
      standing.isHost && !own && admin && { value: 'no-admin', key: 'person.drop-admin' },
      (own || ranks) && { value: 'delete', key: 'person.delete' },
      ranks && onStage && { value: 'kick', key: 'stage.remove', danger: true },
      ranks && { value: 'ban', key: 'person.ban', danger: true },
    ].filter(Boolean);
  }

  async #do(action, { userId, name, id }) {
    const { room } = this;
    switch (action) {
      case 'invite': await api.invite(room, userId); return toast('person.invited', { name });
      case 'mute': return this.#mute(userId, name);
      case 'unmute': return api.unmute(room, userId);
      case 'admin': return api.setAdmin(room, userId);
      case 'no-admin': return api.unsetAdmin(room, userId);
      case 'delete': return api.deleteMessage(room, id);
      case 'kick': return kick(room, { userId, name });
      default: return this.#ban(userId, name);
    }
  }

  async #mute(userId, name) {
    const chosen = await choose({ key: 'person.mute-title', params: { name } }, null, MUTES.map(([value, key, count]) => ({
      value, key, params: { count },
    })));
    if (chosen !== null) await api.mute(this.room, userId, Number(chosen));
  }

  async #ban(userId, name) {
    const reason = await askText('person.ban-question', 'person.ban', {
      params: { name }, labelKey: 'common.reason', danger: true,
    });
    if (reason !== null) await api.ban(this.room, userId, reason);
  }
}

/** Whether the participant was asked off the stage. */
export async function kick(room, { userId, name }) {
  if (!(await ask('stage.remove-question', 'stage.remove', 'common.cancel', { name }, { danger: true }))) return false;
  await api.removeParticipant(room, userId);
  return true;
}
