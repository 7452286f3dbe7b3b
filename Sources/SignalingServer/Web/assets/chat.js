// The chat of a room: the list, and the line to write in.

import { api } from './api.js';
import { chatLine, giftLine, passingText } from './chat-lines.js';
import { errorKey, errorText } from './errors.js';
import { bindText, onLanguage, plainText } from './i18n.js';
import { $, clock, el, icon, iconButton, setToggle, show, toastText } from './ui.js';

/** Enough for all that the server keeps and a while of new messages. */
const MAX_SHOWN = 400;
const PAGE = 50;
const MAX_BYTES = 160;
const FLY_STORE = 'mixd.chat.fly';
const PASSING_MS = 6000;

/** Event `person` (`detail`: the message whose author was chosen). */
export class ChatPanel extends EventTarget {
  constructor(section, { room, events, standing, gifts }) {
    super();
    Object.assign(this, { room, events, standing, gifts });
    this.lines = new Map();
    this.moderates = standing.moderates;
    this.flies = localStorage.getItem(FLY_STORE) === 'on';
    this.#build(section);
    events
      .on('snapshot', ({ messages }) => this.#begin(messages))
      .on('chat.messages', ({ messages }) => { for (const message of messages) this.#put(message); })
      .on('chat.deleted', ({ id }) => this.#remove(id))
      .on('member.renamed', ({ userId, name }) => this.#rename(userId, name))
      .on('gift', (gift) => this.#showGift(gift))
      .on('audience', (news) => this.#showPassing(news))
      .on('obstacle', () => this.#showSilence());
    standing.addEventListener('change', () => { this.#showSilence(); this.#showRights(); });
    onLanguage(() => this.#writePassing());
    setInterval(() => this.#showSilence(), 1000);
  }

  /** A line of the page itself, read out like a message. */
  say(text) {
    this.#append(el('li', { class: 'system' }, el('span', { class: 'said', text })));
  }

  #build(section) {
    this.empty = el('li', { class: 'muted', i18n: 'chat.empty' });
    this.list = el('ol', {}, this.empty);
    this.log = el('div', {
      class: 'log', label: 'chat.title', data: { test: 'chat' }, attrs: { role: 'log', tabindex: '0' },
    }, this.list);
    this.log.addEventListener('keydown', (event) => this.#stepThroughNames(event));
    this.#stickToEnd();
    this.older = el('button', {
      type: 'button', class: 'quiet small', i18n: 'chat.older', hidden: true, data: { test: 'chat-older' },
      on: { click: () => this.#loadOlder() },
    });
    this.passing = el('p', { class: 'passing', data: { test: 'passing' } });
    this.silence = el('p', {
      class: 'message', hidden: true, data: { test: 'chat-silence' }, attrs: { role: 'status' },
    });
    section.append(el('h2', { id: 'chat-title', i18n: 'chat.title' }),
      this.older, this.log, this.passing, this.silence, this.#form());
  }

  #form() {
    this.input = el('input', {
      id: 'chat-input', autocomplete: 'off', maxLength: 160, enterKeyHint: 'send', data: { test: 'chat-input' },
    });
    bindText(this.input, 'chat.placeholder', {}, 'placeholder');
    bindText(this.input, 'chat.placeholder', {}, 'aria-label');
    const fly = el('button', {
      type: 'button', class: 'icon-button plain', data: { test: 'chat-fly' },
    }, icon('danmaku'));
    const showFly = () => setToggle(fly, this.flies, ['danmaku', 'chat.fly-on'], ['danmaku-off', 'chat.fly-off']);
    fly.addEventListener('click', () => {
      this.flies = !this.flies;
      localStorage.setItem(FLY_STORE, this.flies ? 'on' : 'off');
      showFly();
    });
    showFly();
    const send = iconButton('send', 'chat.send', () => {}, { test: 'chat-send', className: 'icon-button primary' });
    send.type = 'submit';
    this.send = send;
    const form = el('form', {}, fly, this.input, send);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.#send(); });
    return form;
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
      await this.events.send('chat', { text, kind: this.flies ? 'danmaku' : 'text' });
    } catch (error) {
      toastText(errorText(error), 'bad');
      if (!this.input.value) this.input.value = text;
    }
  }

  // The list

  /**
   * The newest messages. What is shown stays, as far as it is still there, if it reaches to the first of them;
   * otherwise others may be missing in between, which with a full page stand before it.
   */
  #begin(messages) {
    const ids = messages.map(({ id }) => id);
    const known = [...this.lines.keys()];
    const start = known.indexOf(ids[0]);
    const goesOn = start >= 0;
    const { isAtEnd } = this;
    for (const id of known.slice(Math.max(0, start))) if (!goesOn || !ids.includes(id)) this.#remove(id);
    for (const message of messages) this.#put(message);
    if (!goesOn) show(this.older, messages.length >= PAGE);
    if (!goesOn || isAtEnd) this.#toEnd();
  }

  /** What stands there stays, but the combo of a gift counts up. */
  #put(message) {
    const known = this.lines.get(message.id);
    if (known && known.message.gift?.count === message.gift?.count) return;
    const line = this.#line(message);
    this.lines.set(message.id, line);
    if (known) known.replaceWith(line);
    else this.#append(line);
  }

  #line(message) {
    const { me, moderates } = this.standing;
    const isGift = message.kind === 'gift';
    const hasMenu = message.userId && (moderates || (message.userId === me && !isGift));
    const onPerson = hasMenu ? () => this.dispatchEvent(new CustomEvent('person', { detail: message })) : null;
    const line = isGift ? giftLine(message, this.gifts, onPerson) : chatLine(message, onPerson);
    line.message = message;
    return line;
  }

  /** Names are buttons for those only to whom they offer anything. */
  #showRights() {
    if (this.moderates === this.standing.moderates) return;
    this.moderates = this.standing.moderates;
    this.#redraw(() => true);
  }

  /** What somebody has written stands under the name he has now, so that it is known whose it is. */
  #rename(userId, name) {
    for (const { message } of this.lines.values()) if (message?.userId === userId) message.name = name;
    this.#redraw((message) => message.userId === userId);
  }

  /** The lines of the messages that `concerns` picks. */
  #redraw(concerns) {
    for (const [id, line] of this.lines) {
      if (!line.message || !concerns(line.message)) continue;
      const fresh = this.#line(line.message);
      line.replaceWith(fresh);
      this.lines.set(id, fresh);
    }
  }

  /** One stop of the Tab key for the whole list; in it the arrow keys go from name to name. */
  #stepThroughNames(event) {
    const names = [...this.list.querySelectorAll('button.from')];
    if (names.length === 0 || !['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) return;
    const index = names.indexOf(document.activeElement);
    if (index < 0 && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const last = names.length - 1;
    const next = { ArrowUp: index < 0 ? last : index - 1, ArrowDown: index + 1, Home: 0, End: last }[event.key];
    names[Math.min(last, Math.max(0, next))].focus();
  }

  #append(line) {
    show(this.empty, false);
    const { isAtEnd } = this;
    this.list.append(line);
    if (this.list.childElementCount > MAX_SHOWN + 1) this.#dropFirst();
    if (isAtEnd) this.#toEnd();
  }

  #dropFirst() {
    const first = this.list.children[1];
    first.remove();
    for (const [id, line] of this.lines) {
      if (line === first) { this.lines.delete(id); break; }
    }
    show(this.older, true);
  }

  get isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  /** Also when the window or a keyboard on the screen takes space away. */
  #stickToEnd() {
    let wasAtEnd = true;
    this.log.addEventListener('scroll', () => { wasAtEnd = this.isAtEnd; }, { passive: true });
    new ResizeObserver(() => { if (wasAtEnd) this.#toEnd(); }).observe(this.log);
  }

  #toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #remove(id) {
    this.lines.get(id)?.remove();
    this.lines.delete(id);
    show(this.empty, this.list.childElementCount === 1);
  }

  /** The line of a combo counts up. */
  #showGift({ message: id, userId, name, giftId, combo }) {
    this.#put({ kind: 'gift', id, userId, name, gift: { giftId, count: combo } });
  }

  #showPassing(news) {
    if (!passingText(news)) return;
    this.#mention(news);
    clearTimeout(this.passingTimer);
    this.passingTimer = setTimeout(() => this.#mention(null), PASSING_MS);
  }

  #mention(news) {
    this.news = news;
    this.#writePassing();
  }

  #writePassing() {
    this.passing.textContent = this.news ? passingText(this.news) : '';
  }

  async #loadOlder() {
    this.older.disabled = true;
    try {
      const [oldest] = this.lines.keys();
      const { messages, next } = await api.messages(this.room, oldest, PAGE);
      const [first] = this.lines.keys();
      // The list has begun anew.
      if (first !== oldest) return;
      this.#prepend(messages.filter(({ id }) => !this.lines.has(id)));
      show(this.older, Boolean(next));
    } catch (error) {
      // The server has forgotten what stands first here, and so all before it.
      if (error.code === 'chat.unknown') show(this.older, false);
      else toastText(errorText(error), 'bad');
    } finally {
      this.older.disabled = false;
    }
  }

  /** What is being read stays where it is. */
  #prepend(messages) {
    const lines = messages.map((message) => this.#line(message));
    const { scrollHeight, scrollTop } = this.log;
    this.lines = new Map([...messages.map(({ id }, index) => [id, lines[index]]), ...this.lines]);
    this.empty.after(...lines);
    this.log.scrollTop = scrollTop + this.log.scrollHeight - scrollHeight;
  }

  // Who may write

  #showSilence() {
    const key = this.standing.silence;
    const { obstacle } = this.events;
    const { slowMode } = this.standing.settings;
    const isSlow = !key && slowMode > 0 && !this.standing.moderates;
    show(this.silence, Boolean(obstacle) || Boolean(key) || isSlow);
    this.input.disabled = Boolean(key);
    this.send.disabled = Boolean(key);
    if (obstacle) {
      bindText(this.silence, ...errorKey(obstacle));
    } else if (key) {
      const left = Math.ceil((this.standing.mutedUntil - Date.now()) / 1000);
      bindText(this.silence, key, { time: clock(left), reason: this.standing.muteReason });
    } else if (isSlow) {
      bindText(this.silence, 'chat.slow', { seconds: slowMode });
    } else {
      plainText(this.silence, '');
    }
  }
}
