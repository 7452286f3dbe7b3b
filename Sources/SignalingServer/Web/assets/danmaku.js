// Messages that fly over the picture in lanes. All move equally fast, so that none overtakes another.

const LANES = 3;
const PIXELS_PER_SECOND = 110;
const GAP = 36;
const MAX_WAITING = 30;
const STORE = 'mixd.danmaku';

export class Danmaku {
  constructor(layer, events, me) {
    Object.assign(this, { layer, me });
    this.waiting = [];
    this.freeAt = new Array(LANES).fill(0);
    this.choice = loadChoice();
    events.on('chat.messages', ({ messages }) => {
      for (const message of messages) if (message.kind === 'danmaku') this.#take(message);
    });
    this.#show();
  }

  get isOn() { return this.choice.on; }
  get opacity() { return this.choice.opacity; }

  change(fields) {
    Object.assign(this.choice, fields);
    localStorage.setItem(STORE, JSON.stringify(this.choice));
    this.#show();
  }

  #show() {
    this.layer.hidden = !this.isOn;
    this.layer.style.opacity = this.opacity;
    if (this.isOn) return;
    this.waiting = [];
    this.layer.replaceChildren();
    this.freeAt.fill(0);
  }

  /** What cannot be flown in time is left to the list. */
  #take(message) {
    if (!this.isOn || document.hidden || this.layer.clientWidth === 0) return;
    if (this.waiting.length >= MAX_WAITING) this.waiting.shift();
    this.waiting.push(message);
    this.#launch();
  }

  #launch() {
    clearTimeout(this.timer);
    const now = performance.now();
    while (this.waiting.length) {
      const lane = this.freeAt.findIndex((time) => time <= now);
      if (lane < 0) {
        this.timer = setTimeout(() => this.#launch(), Math.min(...this.freeAt) - now + 10);
        return;
      }
      this.#fly(this.waiting.shift(), lane, now);
    }
  }

  #fly(message, lane, now) {
    const node = document.createElement('span');
    node.textContent = message.text;
    node.className = message.userId === this.me ? 'mine' : message.role === 'host' ? 'host' : '';
    node.style.setProperty('--lane', lane);
    node.dataset.test = 'danmaku';
    this.layer.append(node);
    const way = this.layer.clientWidth + node.offsetWidth;
    this.freeAt[lane] = now + ((node.offsetWidth + GAP) / PIXELS_PER_SECOND) * 1000;
    const flight = node.animate(
      [{ transform: `translateX(${this.layer.clientWidth}px)` }, { transform: `translateX(-${node.offsetWidth}px)` }],
      { duration: (way / PIXELS_PER_SECOND) * 1000, easing: 'linear', fill: 'both' });
    flight.finished.catch(() => {}).then(() => node.remove());
  }
}

/** Off for people who want less motion, unless they switch it on. */
function loadChoice() {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  try {
    return { on: !calm, opacity: 1, ...JSON.parse(localStorage.getItem(STORE) ?? '{}') };
  } catch {
    return { on: !calm, opacity: 1 };
  }
}
