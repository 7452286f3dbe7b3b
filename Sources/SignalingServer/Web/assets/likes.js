// Likes: a heart for every tap at once; the server is told at most twice a second.

import { bindText } from './i18n.js';
import { shortNumber } from './ui.js';

const SEND_MS = 520;
const MAX_PER_REQUEST = 20;
const MAX_WAITING = 60;
const MAX_HEARTS = 30;
const MAX_FOREIGN = 8;
const COLOURS = [
  '#ff4d6d', '#ff8fa3', '#ff9f1c', '#ffd166', '#8ac926', '#2ec4b6', '#4cc9f0', '#7b61ff', '#f15bb5',
];

export class Likes {
  /**
   * `layer` is where hearts rise, `counter` shows how many; if `takes`, it is the button to give one, beside double
   * taps on a picture in `target`.
   */
  constructor({ events, layer, counter, target, takes }) {
    Object.assign(this, { events, layer, counter, takes });
    Object.assign(this, { total: 0, waiting: 0, onTheWay: 0, news: 0 });
    events
      .on('snapshot', ({ likes }) => this.#show(likes))
      .on('likes', ({ likes, added }) => this.#told(likes, added));
    if (!takes) return;
    counter.addEventListener('click', () => this.#tap());
    target.addEventListener('dblclick', (event) => { if (event.target.tagName === 'VIDEO') this.#tap(event); });
  }

  #tap(event = null) {
    this.#rise(event);
    if (this.waiting < MAX_WAITING) this.waiting += 1;
    this.#show(this.total);
    if (!this.timer) this.#flush();
  }

  async #flush() {
    this.timer = null;
    if (this.waiting === 0) return;
    const count = Math.min(this.waiting, MAX_PER_REQUEST);
    this.waiting -= count;
    this.onTheWay += count;
    this.timer = setTimeout(() => this.#flush(), SEND_MS);
    const { news } = this;
    try {
      await this.events.send('like', { count });
      // A number that came meanwhile has them already.
      if (this.news === news) this.total += count;
    } catch (error) {
      if (error.code === 'chat.too-often') this.waiting = Math.min(this.waiting + count, MAX_WAITING);
    } finally {
      this.onTheWay -= count;
      this.#show(this.total);
    }
  }

  #told(total, added) {
    this.news += 1;
    this.#show(Math.max(total, 0));
    const hearts = Math.min(added, MAX_FOREIGN);
    for (let index = 0; index < hearts; index += 1) setTimeout(() => this.#rise(), index * 120);
  }

  /** Own taps count at once, until the server's number has them. */
  #show(total) {
    this.total = total;
    const shown = total + this.waiting + this.onTheWay;
    this.counter.querySelector('.number').textContent = shortNumber(shown);
    this.counter.dataset.likes = shown;
    bindText(this.counter, this.takes ? 'like.button' : 'like.count', { count: shown }, 'aria-label');
  }

  #rise(event = null) {
    if (document.hidden || this.layer.childElementCount >= MAX_HEARTS) return;
    const heart = document.createElement('span');
    heart.textContent = '♥';
    heart.style.color = COLOURS[Math.floor(Math.random() * COLOURS.length)];
    const box = this.layer.getBoundingClientRect();
    const from = event
      ? [event.clientX - box.left, event.clientY - box.top]
      : [box.width - 48 - Math.random() * 40, box.height - 60];
    heart.style.left = `${from[0]}px`;
    heart.style.top = `${from[1]}px`;
    this.layer.append(heart);
    const drift = (Math.random() - 0.5) * 90;
    heart.animate([
      { transform: 'translate(-50%, -50%) scale(0.4)', opacity: 0.2 },
      { transform: 'translate(-50%, -90%) scale(1.2)', opacity: 1, offset: 0.15 },
      { transform: `translate(calc(-50% + ${drift}px), -260px) scale(0.9)`, opacity: 0 },
    ], { duration: 1900, easing: 'ease-out' }).finished.catch(() => {}).then(() => heart.remove());
  }
}
