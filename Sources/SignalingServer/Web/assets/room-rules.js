// The rules of a room: who may write and apply, blocked words, and lists of admins, muted and banned people.

import { api } from './api.js';
import { attempt, errorText } from './errors.js';
import { bindText } from './i18n.js';
import { buildRulesPanel } from './rules-panel.js';
import { $, avatar, clock, el, show, toastText } from './ui.js';

/** Admins have not all of these. */
const SETTINGS = {
  stage: { node: '#rule-stage', read: Number },
  requestTimeout: { node: '#rule-timeout', read: Number },
  slowMode: { node: '#rule-slow', read: Number },
};

const LISTS = ['admins', 'mutes', 'bans'];

export class RoomRules {
  /** `isHost`: this is the host's page. */
  constructor({ room, events, standing, members, isHost = false }) {
    buildRulesPanel($('#panel-rules'), { isHost });
    Object.assign(this, { room, standing, members, shownWords: $('#rule-words').value });
    this.fields = Object.entries(SETTINGS).filter(([, { node }]) => $(node));
    standing.addEventListener('change', () => this.#fill(standing.settings));
    events.on('admin.changed', () => this.#reload('admins'));
    for (const type of ['member.muted', 'member.unmuted']) events.on(type, () => this.#reload('mutes'));
    for (const type of ['member.banned', 'member.unbanned']) events.on(type, () => this.#reload('bans'));
    events.on('member.renamed', () => { for (const list of LISTS) this.#reload(list); });
    this.#wire();
    this.#fill(standing.settings);
  }

  #wire() {
    for (const [name, { node, read }] of this.fields) {
      $(node).addEventListener('change', ({ target }) => this.#save({ [name]: read(target.value) }));
    }
    $('#rule-open')?.addEventListener('change', ({ target }) => (
      this.#save({ applications: target.checked ? 'open' : 'closed' })));
    $('#rule-mute-all').addEventListener('change', ({ target }) => this.#save({ muteAll: target.checked }));
    $('#words-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#saveWords();
    });
    $('#announce-form').addEventListener('submit', (event) => { event.preventDefault(); this.#announce(); });
    $('#tab-rules').addEventListener('click', () => this.#refresh());
  }

  /** Somebody else may have changed the words: `room.updated` does not have them. */
  async #refresh() {
    for (const list of LISTS) this.#load(list);
    const info = await api.room(this.room).catch(() => null);
    if (info) this.standing.keep(info.settings);
  }

  #fill(settings) {
    for (const [name, { node }] of this.fields) {
      if (document.activeElement !== $(node)) choose($(node), settings[name]);
    }
    if ($('#rule-open')) $('#rule-open').checked = settings.applications === 'open';
    $('#rule-mute-all').checked = settings.muteAll;
    this.#fillWords(settings);
  }

  /** What is being typed stays. */
  #fillWords({ wordFilter }) {
    const field = $('#rule-words');
    if (!wordFilter || field.value !== this.shownWords) return;
    field.value = wordFilter.join('\n');
    this.shownWords = field.value;
  }

  async #saveWords() {
    const text = $('#rule-words').value;
    const wordFilter = text.split(/[\n,，、]+/).map((word) => word.trim()).filter(Boolean);
    if (!(await this.#save({ wordFilter }))) return;
    this.shownWords = text;
    this.#fillWords(this.standing.settings);
  }

  /** Whether it worked. */
  async #save(settings) {
    const saved = await attempt(() => api.changeRoom(this.room, { settings }), 'common.saved');
    if (saved) this.standing.keep(saved.settings);
    else this.#fill(this.standing.settings);
    return saved !== null;
  }

  async #announce() {
    const text = $('#announcement').value.trim();
    if (!text) return $('#announcement').focus();
    if (await attempt(() => api.announce(this.room, text))) $('#announcement').value = '';
  }

  // Lists

  #reload(list) {
    if (!$('#panel-rules').hidden) this.#load(list);
  }

  /** The first page, or with a `cursor` the next one. */
  async #load(list, cursor) {
    try {
      const { [list]: people, next } = await api[list](this.room, cursor);
      const entries = await Promise.all(people.map((person) => this.#entry(list, person)));
      if (next) entries.push(this.#more(list, next));
      $('.more', $(`#${list}`))?.remove();
      if (cursor) $(`#${list}`).append(...entries);
      else $(`#${list}`).replaceChildren(...entries);
      show($(`#${list}-none`), $(`#${list}`).childElementCount === 0);
    } catch (error) {
      toastText(errorText(error), 'bad');
    }
  }

  #more(list, next) {
    return el('li', { class: 'more' }, el('button', {
      type: 'button', class: 'small wide', i18n: 'lobby.more', data: { test: `more-${list}` },
      on: { click: () => this.#load(list, next) },
    }));
  }

  async #entry(list, person) {
    const { userId, name, reason } = person;
    return el('li', { data: { userId } }, avatar(name),
      el('div', { class: 'who' },
        el('strong', { text: name }), ...(list === 'admins' ? [] : this.#terms(person)),
        reason ? el('span', { text: ` · ${reason}` }) : null),
      (await this.#mayUndo(list, person)) ? this.#undo(list, userId) : null);
  }

  /** How long, and who said so. */
  #terms({ seconds, byId, byName }) {
    const left = el('span');
    if (seconds) bindText(left, 'rules.left', { time: clock(seconds) });
    else bindText(left, 'rules.for-ever');
    if (!byName) return [left];
    const by = el('span', { data: { test: 'imposed-by' } });
    if (byId === this.standing.me) bindText(by, 'rules.by-you');
    else bindText(by, 'rules.by', { name: byName });
    return [left, el('span', { text: ' · ' }), by];
  }

  /** Only the host says who helps him. */
  #mayUndo(list, person) {
    return list === 'admins' ? this.standing.isHost : this.members.mayLift(person);
  }

  #undo(list, userId) {
    const undo = { admins: api.unsetAdmin, mutes: api.unmute, bans: api.unban }[list];
    return el('button', {
      type: 'button', class: 'small', i18n: `rules.undo-${list}`, data: { test: `undo-${list}` },
      on: { click: async () => { if (await attempt(() => undo(this.room, userId))) this.#load(list); } },
    });
  }
}

/** A value that the list does not offer is added to it. */
function choose(select, value) {
  if (value === undefined) return;
  if (![...select.options].some((option) => option.value === String(value))) select.append(new Option(value, value));
  select.value = String(value);
}
