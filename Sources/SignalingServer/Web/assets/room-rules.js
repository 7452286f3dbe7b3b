// The rules of a room: who may write and apply, blocked words, and lists of admins, muted and banned people.

import { api } from './api.js';
import { errorText } from './errors.js';
import { bindText } from './i18n.js';
import { $, avatar, clock, el, show, toast, toastText } from './ui.js';

const SETTINGS = {
  stage: { node: '#rule-stage', read: Number },
  requestTimeout: { node: '#rule-timeout', read: Number },
  slowMode: { node: '#rule-slow', read: Number },
};

export class RoomRules {
  constructor(room, events, standing) {
    Object.assign(this, { room, standing, shownWords: $('#rule-words').value });
    standing.addEventListener('change', () => this.#fill(standing.settings));
    events.on('admin.changed', () => this.#reload('admins'));
    for (const type of ['member.muted', 'member.unmuted']) events.on(type, () => this.#reload('mutes'));
    for (const type of ['member.banned', 'member.unbanned']) events.on(type, () => this.#reload('bans'));
    this.#wire();
  }

  #wire() {
    for (const [name, { node, read }] of Object.entries(SETTINGS)) {
      $(node).addEventListener('change', ({ target }) => this.#save({ [name]: read(target.value) }));
    }
    $('#rule-open').addEventListener('change', ({ target }) => (
      this.#save({ applications: target.checked ? 'open' : 'closed' })));
    $('#rule-mute-all').addEventListener('change', ({ target }) => this.#save({ muteAll: target.checked }));
    $('#words-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#saveWords();
    });
    $('#announce-form').addEventListener('submit', (event) => { event.preventDefault(); this.#announce(); });
    $('#tab-rules').addEventListener('click', () => {
      for (const list of ['admins', 'mutes', 'bans']) this.#load(list);
    });
  }

  #fill(settings) {
    for (const [name, { node }] of Object.entries(SETTINGS)) {
      if (document.activeElement !== $(node)) choose($(node), settings[name]);
    }
    $('#rule-open').checked = settings.applications === 'open';
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
    const saved = await this.#attempt(() => api.changeRoom(this.room, { settings }));
    if (saved) {
      this.standing.keep(saved.settings);
      toast('common.saved');
    } else {
      this.#fill(this.standing.settings);
    }
    return saved !== null;
  }

  async #announce() {
    const text = $('#announcement').value.trim();
    if (!text) return $('#announcement').focus();
    if (await this.#attempt(() => api.announce(this.room, text))) $('#announcement').value = '';
  }

  // Lists

  #reload(list) {
    if (!$('#panel-rules').hidden) this.#load(list);
  }

  async #load(list) {
    try {
      const people = (await api[list](this.room))[list];
      $(`#${list}`).replaceChildren(...people.map((person) => this.#entry(list, person)));
      show($(`#${list}-none`), people.length === 0);
    } catch (error) {
      toastText(errorText(error), 'bad');
    }
  }

  #entry(list, { userId, name, seconds, reason }) {
    const undo = { admins: api.unsetAdmin, mutes: api.unmute, bans: api.unban }[list];
    const facts = el('span');
    if (list !== 'admins') {
      if (seconds) bindText(facts, 'rules.left', { time: clock(seconds) });
      else bindText(facts, 'rules.for-ever');
    }
    return el('li', { data: { userId } }, avatar(name),
      el('div', { class: 'who' },
        el('strong', { text: name }), facts, reason ? el('span', { text: ` ${reason}` }) : null),
      el('button', {
        type: 'button', class: 'small', i18n: `rules.undo-${list}`, data: { test: `undo-${list}` },
        on: { click: async () => { if (await this.#attempt(() => undo(this.room, userId))) this.#load(list); } },
      }));
  }

  /** The answer of the server, or null when it refused. */
  async #attempt(work) {
    try {
      return await work() ?? {};
    } catch (error) {
      toastText(errorText(error), 'bad');
      return null;
    }
  }
}

/** A value that the list does not offer is added to it. */
function choose(select, value) {
  if (value === undefined) return;
  if (![...select.options].some((option) => option.value === String(value))) select.append(new Option(value, value));
  select.value = String(value);
}
