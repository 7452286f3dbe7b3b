// The rooms of who uses this browser: those that are open, with the way into the studio, and those that are over.

import { api } from './api.js';
import { ask } from './dialogs.js';
import { attempt, errorText } from './errors.js';
import { bindText, dateText } from './i18n.js';
import { savedSession } from './session.js';
import { $, clock, el, icon, show, toastText } from './ui.js';

const PAGE = 10;

export class MyRooms {
  constructor() {
    this.asked = 0;
    $('#my-ended-more').addEventListener('click', () => this.#loadEnded());
    $('#my-ended').addEventListener('toggle', ({ target }) => {
      if (target.open && !this.hasEnded) this.#loadEnded();
    });
  }

  /** What is open, and whether anything is over; an answer to an older question is dropped. */
  async load() {
    const question = ++this.asked;
    const host = savedSession()?.userId;
    if (!host) show($('#my-rooms'), false);
    this.hasEnded = false;
    this.next = undefined;
    if (!host) return;
    if ($('#my-ended').open) this.#loadEnded();
    try {
      const [open, over] = await Promise.all([
        api.listRooms({ host, status: null, sort: 'newest', limit: 100 }),
        api.listRooms({ host, status: 'ended', sort: 'newest', limit: 1 }),
      ]);
      if (question !== this.asked) return;
      $('#my-open').replaceChildren(...open.rooms.map((room) => this.#openRoom(room)));
      show($('#my-ended'), over.rooms.length > 0);
      const isWanted = location.hash === '#my-rooms';
      show($('#my-rooms'), isWanted || open.rooms.length + over.rooms.length > 0);
      if (isWanted) this.#arrive();
    } catch (error) {
      if (question === this.asked) toastText(errorText(error), 'bad');
    }
  }

  /** The page was asked for these rooms. */
  #arrive() {
    $('#my-rooms').scrollIntoView({ block: 'start' });
    if ($('#my-open').childElementCount === 0) $('#my-ended').open = true;
  }

  async #loadEnded() {
    this.hasEnded = true;
    const question = this.asked;
    const button = $('#my-ended-more');
    button.disabled = true;
    const page = await attempt(() => api.listRooms({
      host: savedSession()?.userId, status: 'ended', sort: 'newest', limit: PAGE, cursor: this.next,
    }));
    button.disabled = false;
    if (!page || question !== this.asked) return;
    const entries = page.rooms.map(endedRoom);
    if (this.next) $('#my-over').append(...entries);
    else $('#my-over').replaceChildren(...entries);
    this.next = page.next;
    show(button, Boolean(page.next));
  }

  #openRoom(room) {
    const { id, title, status, viewers } = room;
    const state = el('span', { class: `chip ${status}`, i18n: status === 'live' ? 'state.live' : 'state.idle' });
    const facts = el('span');
    if (status === 'live') bindText(facts, 'lobby.viewers', { count: viewers });
    else facts.textContent = dateText(room.createdAt);
    return el('li', { data: { room: id, test: 'my-room' } },
      el('div', { class: 'who' }, el('strong', { text: title }), facts), state,
      el('div', { class: 'row room-tools' },
        el('a', {
          class: 'button small primary', href: `/studio/${encodeURIComponent(id)}`, data: { test: 'my-studio' },
        }, icon('live'), el('span', { i18n: 'lobby.studio' })),
        el('button', {
          type: 'button', class: 'small danger-text', i18n: 'lobby.end', data: { test: 'my-end' },
          on: { click: () => this.#end(room) },
        })));
  }

  async #end({ id, title }) {
    if (!(await ask('lobby.end-question', 'studio.close', 'common.cancel', { title }, { danger: true }))) return;
    if (await attempt(() => api.endRoom(id), 'lobby.ended')) await this.load();
  }
}

/** With the way to what the show has come to. */
function endedRoom(room) {
  const { title, startedAt, endedAt, likes } = room;
  const facts = el('span');
  const isTimed = startedAt && endedAt;
  const time = clock(isTimed ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0);
  bindText(facts, isTimed ? 'lobby.ended-facts' : 'lobby.ended-unused', {
    date: dateText(endedAt ?? room.createdAt), time, likes,
  });
  const link = el('a', { href: `/studio/${encodeURIComponent(room.id)}`, data: { test: 'my-summary' } },
    el('strong', { text: title }));
  return el('li', { data: { room: room.id, test: 'my-ended-room' } }, el('div', { class: 'who' }, link, facts));
}
