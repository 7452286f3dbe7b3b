// The layout switch of the studio: one choice of three, usable with the arrow keys.

import { bindText } from './i18n.js';
import { $, el, icon } from './ui.js';

const LAYOUTS = ['pip', 'grid', 'side-by-side'];
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class LayoutSwitch {
  /** `onChoose(name)` asks the server; the mark moves when the scene has changed. */
  constructor(events, onChoose) {
    this.onChoose = onChoose;
    this.buttons = LAYOUTS.map((name) => this.#button(name));
    $('#layout').append(...this.buttons);
    $('#layout').addEventListener('keydown', (event) => this.#step(event));
    this.show('pip');
    events
      .on('snapshot', ({ room }) => this.show(room.layout))
      .on('room.updated', ({ room }) => this.show(room.layout))
      .on('scene.changed', ({ scene }) => this.show(scene.layout));
  }

  show(name) {
    for (const button of this.buttons) {
      const chosen = button.dataset.layout === name;
      button.setAttribute('aria-checked', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  #button(name) {
    const label = el('span');
    bindText(label, `layout.${name}`);
    return el('button', {
      type: 'button', data: { layout: name, test: `layout-${name}` }, attrs: { role: 'radio' },
      on: { click: () => this.onChoose(name) },
    }, icon(`layout-${name}`), label);
  }

  #step(event) {
    const step = STEPS[event.key];
    const index = this.buttons.indexOf(event.target);
    if (!step || index < 0) return;
    event.preventDefault();
    const next = this.buttons[(index + step + LAYOUTS.length) % LAYOUTS.length];
    next.focus();
    this.onChoose(next.dataset.layout);
  }
}
