// The chat of a room.

import { errorText } from './errors.js';
import { bindText } from './i18n.js';
import { el, iconButton, show, toastText } from './ui.js';

const MAX_SHOWN = 200;
const MAX_BYTES = 160;

export class ChatPanel {
  /** `onInvite(userId, name)`, for the host only, makes the names of viewers buttons. */
  constructor(section, events, { me, onInvite = null }) {
    Object.assign(this, { events, me, onInvite });
    this.seen = new Set();
    this.#build(section);
    events
      .on('snapshot', ({ chat }) => chat.forEach((message) => this.#add(message)))
      .on('chat.message', ({ message }) => this.#add(message));
  }

  #build(section) {
    this.list = el('ol', { data: { test: 'chat' }, attrs: { 'aria-live': 'polite', role: 'log', tabindex: '0' } });
    bindText(this.list, 'chat.title', {}, 'aria-label');
    this.empty = el('li', { class: 'muted', i18n: 'chat.empty' });
    this.list.append(this.empty);
    this.input = el('input', { id: 'chat-input', autocomplete: 'off', maxLength: 160, data: { test: 'chat-input' } });
    bindText(this.input, 'chat.placeholder', {}, 'placeholder');
    bindText(this.input, 'chat.placeholder', {}, 'aria-label');
    const send = iconButton('send', 'chat.send', null, { test: 'chat-send', className: 'icon-button primary' });
    send.type = 'submit';
    const form = el('form', {}, this.input, send);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#send(); });
    section.append(el('h2', { id: 'chat-title', i18n: 'chat.title' }), this.list, form);
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    if (new TextEncoder().encode(text).length > MAX_BYTES) {
      toastText(errorText({ code: 'chat.too-long' }), 'bad');
      return;
    }
    this.input.value = '';
    try {
      await this.events.send('chat', { text });
    } catch (error) {
      toastText(errorText(error), 'bad');
      if (!this.input.value) this.input.value = text;
    }
  }

  #add(message) {
    if (this.seen.has(message.id)) return;
    this.seen.add(message.id);
    show(this.empty, false);
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    this.list.append(el('li', {}, this.#sender(message), el('span', { text: message.text })));
    while (this.list.childElementCount > MAX_SHOWN) this.list.children[1].remove();
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  #sender({ userId, name, role }) {
    const className = role === 'host' ? 'from host' : 'from';
    if (!this.onInvite || userId === this.me || role !== 'viewer') return el('span', { class: className, text: name });
    const button = el('button', {
      type: 'button', class: className, text: name, data: { test: 'invite' },
      on: { click: () => this.onInvite(userId, name) },
    });
    bindText(button, 'chat.invite', { name }, 'title');
    return button;
  }
}
