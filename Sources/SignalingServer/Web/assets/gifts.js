// Gifts: the catalogue, the panel to give from, and the banners that count combos.

import { api } from './api.js';
import { modal } from './dialogs.js';
import { attempt, errorText } from './errors.js';
import { bindText, currentLanguage, onLanguage } from './i18n.js';
import { avatar, el, toastText } from './ui.js';

const COUNTS = [1, 10, 66, 99];
const BANNER_MS = 4000;
const MAX_BANNERS = 3;

export class Gifts {
  constructor(events, { banners }) {
    Object.assign(this, { events, banners });
    this.catalogue = new Map();
    this.shown = new Map();
    this.#load().catch(() => {});
    events.on('gift', (gift) => this.#show(gift));
    onLanguage(() => this.#nameAll());
  }

  /** Once, and again when it has failed. */
  #load() {
    this.loaded ??= api.gifts().then(({ gifts }) => {
      this.catalogue = new Map(gifts.map((gift) => [gift.id, gift]));
      this.#nameAll();
    }).catch((error) => {
      this.loaded = null;
      throw error;
    });
    return this.loaded;
  }

  find(id) {
    return this.catalogue.get(id) ?? { id, emoji: '🎁', name: { zh: id, en: id }, price: 0 };
  }

  /** The name of a gift, following the language. */
  nameNode(id) {
    return el('span', { text: this.#nameOf(id), data: { giftName: id } });
  }

  #nameOf(id) {
    const { name } = this.find(id);
    return name[currentLanguage()] ?? name.en ?? id;
  }

  #nameAll() {
    const names = document.querySelectorAll('[data-gift-name]');
    for (const node of names) node.textContent = this.#nameOf(node.dataset.giftName);
  }

  // Giving

  async open() {
    if (!(await attempt(() => this.#load()))) return;
    this.#choose();
  }

  #choose() {
    let [chosen] = this.catalogue.keys();
    let count = 1;
    modal((close) => {
      const items = [...this.catalogue.values()].map((gift) => this.#item(gift, () => pick(gift.id)));
      const counts = el('div', { class: 'segmented', label: 'gift.count', attrs: { role: 'radiogroup' } },
        ...COUNTS.map((value) => el('button', {
          type: 'button', text: String(value), data: { test: `gift-count-${value}`, count: value },
          attrs: { role: 'radio' }, on: { click: () => many(value) },
        })));
      const pick = (id) => { chosen = id; mark(items, 'gift', id); };
      const many = (value) => { count = value; mark([...counts.children], 'count', String(value)); };
      pick(chosen);
      many(1);
      return [
        el('h2', { i18n: 'gift.title' }),
        el('div', { class: 'gift-grid', label: 'gift.title', attrs: { role: 'radiogroup' } }, ...items),
        el('div', { class: 'row spread' }, counts, el('button', {
          type: 'button', class: 'primary', i18n: 'gift.give', data: { test: 'gift-give' },
          on: { click: () => this.#give(chosen, count) },
        })),
        el('button', {
          type: 'button', class: 'wide quiet', i18n: 'common.close', data: { test: 'gift-close' },
          on: { click: () => close() },
        }),
      ];
    }, { className: 'sheet', test: 'gift-panel' });
  }

  #item(gift, onClick) {
    const price = el('small', { class: 'muted' });
    bindText(price, gift.price > 0 ? 'gift.price' : 'gift.free', { price: gift.price });
    return el('button', {
      type: 'button', class: 'gift-item', data: { test: `gift-${gift.id}`, gift: gift.id }, attrs: { role: 'radio' },
      on: { click: onClick },
    },
    el('span', { class: 'emoji', text: gift.emoji, attrs: { 'aria-hidden': 'true' } }),
    this.nameNode(gift.id), price);
  }

  /** The panel stays open: giving again within some seconds goes on counting. */
  async #give(giftId, count) {
    try {
      await this.events.send('gift', { giftId, count });
    } catch (error) {
      toastText(errorText(error), 'bad');
    }
  }

  // Banners

  #show({ message, giftId, name, combo }) {
    const banner = this.shown.get(message) ?? this.#banner(message, giftId, name);
    banner.number.textContent = `×${combo}`;
    banner.number.animate([{ transform: 'scale(1.7)' }, { transform: 'scale(1)' }], { duration: 220 });
    clearTimeout(banner.timer);
    banner.timer = setTimeout(() => this.#hide(message), BANNER_MS);
  }

  #banner(message, giftId, name) {
    const [oldest] = this.shown.keys();
    if (this.shown.size >= MAX_BANNERS) this.#hide(oldest);
    const number = el('b', { class: 'combo' });
    const what = el('small', {}, el('span', { i18n: 'gift.gave' }), ' ', this.nameNode(giftId));
    const node = el('div', { class: 'gift-banner', data: { test: 'gift-banner' } },
      avatar(name, 'avatar mini'), el('span', { class: 'who' }, el('strong', { text: name }), what),
      el('span', { class: 'emoji', text: this.find(giftId).emoji }), number);
    this.banners.append(node);
    const banner = { node, number, timer: null };
    this.shown.set(message, banner);
    return banner;
  }

  #hide(message) {
    const banner = this.shown.get(message);
    clearTimeout(banner?.timer);
    banner?.node.remove();
    this.shown.delete(message);
  }
}

function mark(buttons, name, value) {
  for (const button of buttons) button.setAttribute('aria-checked', String(button.dataset[name] === value));
}
