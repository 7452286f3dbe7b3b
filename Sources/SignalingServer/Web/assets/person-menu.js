// What can be done about somebody in the room: invite, mute, ban, make admin, delete his message.

import { api } from './api.js';
import { askText, choose } from './dialogs.js';
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

  /** `person` may be a message: then it is what can be deleted. */
  async open(person) {
    const { userId, name, id } = person;
    const admin = this.members.isAdmin(userId);
    const role = userId === this.members.hostId ? 'host' : person.role;
    const ranks = this.standing.outranks({ ...person, role, admin });
    const [mute, ban] = ranks ? await this.#sanctions(userId) : [null, null];
    const [unmutes, unbans] = await Promise.all([mute, ban].map((one) => one !== null && this.members.mayLift(one)));
    const choices = this.#choices({ ...person, role, admin, ranks, mute, ban, unmutes, unbans });
    if (choices.length === 0) return;
    const note = this.#note(ban ?? mute, ban ? 'person.banned-by' : 'person.muted-by');
    const detail = person.text || { key: `stage.${role ?? 'viewer'}` };
    const action = await choose(name, detail, choices, { note });
    if (action) await attempt(() => this.#do(action, { userId, name, id }));
  }

  /** His mute and his ban, null where there is none or the server does not say. */
  #sanctions(userId) {
    const { members } = this;
    return Promise.all([members.findMute(userId), members.findBan(userId)].map((found) => found.catch(() => null)));
  }

  #note(sanction, key) {
    if (!sanction?.byName) return null;
    return sanction.byId === this.standing.me ? { key: `${key}-you` } : { key, params: { name: sanction.byName } };
  }

  /** Who is banned can only be let in again. */
  #choices({ id, userId, role, admin, ranks, mute, ban, unmutes, unbans }) {
    const { standing } = this;
    const own = userId === standing.me;
    const onStage = Boolean(this.roster.get(userId));
    const mayCome = standing.moderates && !own && !onStage && !ban && role !== 'host';
    return [
      mayCome && { value: 'invite', key: 'person.invite' },
      mayCome && { value: 'invite-audio', key: 'person.invite-audio' },
      ranks && !mute && !ban && { value: 'mute', key: 'person.mute' },
      unmutes && { value: 'unmute', key: 'person.unmute' },
      standing.isHost && !own && !admin && !ban && { value: 'admin', key: 'person.make-admin' },
      standing.isHost && !own && admin && { value: 'no-admin', key: 'person.drop-admin' },
      id && (own || ranks) && { value: 'delete', key: 'person.delete' },
      ranks && onStage && { value: 'kick', key: 'stage.remove', danger: true },
      unbans && { value: 'unban', key: 'person.unban' },
      ranks && !ban && { value: 'ban', key: 'person.ban', danger: true },
    ].filter(Boolean);
  }

  async #do(action, { userId, name, id }) {
    const { room } = this;
    switch (action) {
      case 'invite': return this.#invite(userId, name, 'video');
      case 'invite-audio': return this.#invite(userId, name, 'audio');
      case 'mute': return this.#mute(userId, name);
      case 'unmute': return api.unmute(room, userId);
      case 'unban': return api.unban(room, userId);
      case 'admin': return api.setAdmin(room, userId);
      case 'no-admin': return api.unsetAdmin(room, userId);
      case 'delete': return api.deleteMessage(room, id);
      case 'kick': return kick(room, { userId, name });
      default: return this.#ban(userId, name);
    }
  }

  async #invite(userId, name, media) {
    await api.invite(this.room, userId, media);
    toast('person.invited', { name });
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

/** Asks a participant off the stage, with a reason if there is one; whether he was. */
export async function kick(room, { userId, name }) {
  const reason = await askText('stage.remove-question', 'stage.remove', {
    params: { name }, labelKey: 'common.reason', danger: true,
  });
  if (reason === null) return false;
  await api.removeParticipant(room, userId, reason);
  return true;
}
