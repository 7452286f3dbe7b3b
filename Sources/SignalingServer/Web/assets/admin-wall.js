// The wall of rooms: watch, warn, close, ban.

import { api, operating } from './api.js';
import { ask, askText, choose } from './dialogs.js';
import { attempt, errorText } from './errors.js';
import { bindText, t } from './i18n.js';
import { roomBadges, roomCover } from './room-card.js';
import { $, el, show, toast, toastText } from './ui.js';
import { Player } from './whep.js';

const PAGE = 12;
const REFRESH_MS = 10_000;

export class Wall {
  constructor() {
    this.pages = [''];
    this.players = new Map();
    $('#wall-form').addEventListener('submit', (event) => { event.preventDefault(); this.restart(); });
    $('#wall-status').addEventListener('change', () => this.restart());
    $('#wall-next').addEventListener('click', () => { this.pages.push(this.next); this.load(); });
    $('#wall-back').addEventListener('click', () => { this.pages.pop(); this.load(); });
    $('#notify-all').addEventListener('click', () => this.#notifyAll());
    setInterval(() => { if (!this.isBusy) this.load(); }, REFRESH_MS);
  }

  /** Somebody watches a preview or answers a question. */
  get isBusy() {
    return document.hidden || this.players.size > 0 || document.querySelector('dialog') !== null;
  }

  restart() {
    this.pages = [''];
    return this.load();
  }

  async load() {
    try {
      const { rooms, next } = await api.listRooms({
        q: $('#wall-search').value.trim(), status: $('#wall-status').value, sort: 'newest', limit: PAGE,
        cursor: this.pages.at(-1),
      });
      this.next = next;
      this.#show(rooms);
    } catch (error) {
      toastText(errorText(error), 'bad');
    }
  }

  #show(rooms) {
    for (const player of this.players.values()) player.stop();
    this.players.clear();
    $('#wall').replaceChildren(...rooms.map((room) => this.#card(room)));
    show($('#wall-empty'), rooms.length === 0);
    bindText($('#wall-page'), 'admin.page', { page: this.pages.length });
    $('#wall-next').disabled = !this.next;
    $('#wall-back').disabled = this.pages.length === 1;
  }

  #card(room) {
    const cover = roomCover(room);
    if (room.status === 'live') cover.append(...roomBadges(room), this.#watchButton(room, cover));
    const tool = (key, test, work, className = '') => el('button', {
      type: 'button', class: className, i18n: key, data: { test }, on: { click: work },
    });
    return el('li', { class: 'card wall-card', data: { room: room.id, test: 'wall-room' } }, cover,
      el('div', { class: 'facts' },
        el('a', { class: 'name', text: room.title, href: `/watch/${encodeURIComponent(room.id)}`, target: '_blank' }),
        el('span', { class: 'by', text: room.hostName }), el('span', { class: 'number', text: room.id })),
      el('div', { class: 'wall-tools' },
        tool('admin.notify', 'notify', () => this.#notify(room)),
        tool('admin.warn', 'warn', () => this.#warn(room)),
        tool('admin.close', 'close', () => this.#close(room)),
        tool('admin.ban', 'ban', () => this.#ban(room), 'danger-text')));
  }

  // Watching

  #watchButton(room, cover) {
    cover.removeAttribute('aria-hidden');
    const button = el('button', {
      type: 'button', class: 'small glass watch', i18n: 'admin.preview', data: { test: 'wall-watch' },
    });
    button.addEventListener('click', () => this.#watch(room, cover, button));
    return button;
  }

  #watch(room, cover, button) {
    const video = el('video', { muted: true, autoplay: true, playsInline: true });
    const player = new Player({ room: room.id, element: video });
    this.players.set(room.id, player);
    cover.prepend(video);
    bindText(button, 'admin.stop-preview');
    button.addEventListener('click', () => this.load(), { once: true });
    player.start();
  }

  // Measures

  /** A notice stands in the chat; a warning is shown over everything. */
  async #notify({ id, title }) {
    const text = await askText('admin.notify-question', 'admin.notify', {
      params: { title }, labelKey: 'admin.notice-text', max: 300, required: true, lines: true,
    });
    if (text) await this.#attempt(() => operating.notify(id, text), 'admin.notified');
  }

  async #notifyAll() {
    const text = await askText('admin.notify-all-question', 'admin.notify', {
      labelKey: 'admin.notice-text', max: 300, required: true, lines: true,
    });
    const answer = text && await attempt(() => operating.notifyAll(text));
    if (answer) toast('admin.notified-all', { count: answer.rooms });
  }

  async #warn({ id, title }) {
    const text = await askText('admin.warn-question', 'admin.warn', {
      params: { title }, labelKey: 'admin.warn-text', max: 300, required: true, presets: ['admin.warn-preset'],
    });
    if (text) await this.#attempt(() => operating.warn(id, text), 'admin.warned');
  }

  async #close({ id, title }) {
    const reason = await askText('admin.close-question', 'admin.close', {
      params: { title }, labelKey: 'common.reason', danger: true,
    });
    if (reason !== null) await this.#attempt(() => operating.close(id, reason), 'admin.closed');
  }

  async #ban({ id, title, hostId, hostName }) {
    const what = await choose(title, hostName, [
      { value: 'room', key: 'admin.ban-room', danger: true },
      { value: 'user', key: 'admin.ban-host', params: { name: hostName }, danger: true },
    ]);
    if (what === 'room') await this.#attempt(() => operating.banRoom(id), 'admin.banned');
    if (what !== 'user') return;
    const sure = await ask('admin.ban-host-question', 'admin.ban', 'common.cancel', { name: hostName }, {
      danger: true,
    });
    if (sure) await this.#attempt(() => operating.ban(hostId), 'admin.banned');
  }

  async #attempt(work, done) {
    try {
      await work();
      toast(done);
      await this.load();
    } catch (error) {
      toastText(t('admin.failed', { reason: errorText(error) }), 'bad');
    }
  }
}
