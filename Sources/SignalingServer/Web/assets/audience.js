// Who is in the room, for those who keep order in it: a list with the menu of each person, also of who never says a word.

import { api } from './api.js';
import { errorText } from './errors.js';
import { bindText } from './i18n.js';
import { $, avatar, el, icon, show, toastText } from './ui.js';

const PAGE = 50;
const PAUSE_MS = 4000;

/** What changes the list, or what is said of somebody in it. */
const NEWS = [
  'up', 'audience', 'viewer.count', 'participant.joined', 'participant.left', 'member.muted', 'member.unmuted',
  'member.banned', 'member.renamed', 'admin.changed', 'application.created', 'application.updated',
  'invitation.created', 'invitation.updated',
];

export class AudienceList {
  /** Fills `panel`, which `tab` shows; asks the server only while it is seen. */
  constructor({ panel, tab, room, events, standing, menu }) {
    Object.assign(this, { panel, room, standing, menu, people: [], wanted: PAGE });
    this.list = el('ul', { class: 'list audience', data: { test: 'audience' } });
    this.empty = el('p', { class: 'muted', i18n: 'audience.none', hidden: true });
    this.more = el('button', {
      type: 'button', class: 'small wide', i18n: 'lobby.more', hidden: true, data: { test: 'more-audience' },
      on: { click: () => { this.wanted = this.people.length + PAGE; this.#load(); } },
    });
    panel.append(this.list, this.empty, this.more);
    tab.addEventListener('click', () => this.#load());
    for (const type of NEWS) events.on(type, () => this.#loadSoon());
  }

  #loadSoon() {
    if (this.panel.hidden || !this.standing.moderates || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.panel.hidden && !document.hidden) this.#load({ isQuiet: true });
    }, PAUSE_MS);
  }

  /** As many of them as are wanted, asked for page by page. */
  async #load({ isQuiet = false } = {}) {
    const turn = this.turn = Symbol('load');
    try {
      const people = [];
      let next = null;
      do {
        const page = await api.audience(this.room, next, PAGE);
        people.push(...page.audience);
        next = page.next;
      } while (next && people.length < this.wanted);
      if (this.turn !== turn) return;
      this.people = people;
      this.#render(next);
    } catch (error) {
      if (!isQuiet) toastText(errorText(error), 'bad');
    }
  }

  #render(next) {
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.userId;
    const others = this.people.filter(({ userId }) => userId !== this.standing.me);
    this.list.replaceChildren(...others.map((person) => this.#entry(person)));
    show(this.empty, others.length === 0 && !next);
    show(this.more, Boolean(next));
    if (focused) $(`button[data-user-id="${CSS.escape(focused)}"]`, this.list)?.focus();
  }

  #entry(person) {
    const { userId, name, role, admin, muted, applicationId, invitationId } = person;
    const labels = [
      admin && role !== 'admin' && 'stage.admin', muted && 'rules.mutes', applicationId && 'audience.applies',
      invitationId && 'audience.invited',
    ].filter(Boolean);
    return el('li', { data: { userId, test: 'audience-person' } }, avatar(name),
      el('div', { class: 'who' }, el('strong', { text: name }), el('span', { i18n: `stage.${role}` })),
      ...labels.map((key) => el('span', { class: 'label', i18n: key })),
      role === 'host' ? null : this.#menuButton(person));
  }

  #menuButton(person) {
    const button = el('button', {
      type: 'button', class: 'icon-button plain', data: { userId: person.userId, test: 'audience-menu' },
      on: { click: () => this.menu.open(person) },
    }, icon('more'));
    for (const attribute of ['title', 'aria-label']) bindText(button, 'chat.person', { name: person.name }, attribute);
    return button;
  }
}
