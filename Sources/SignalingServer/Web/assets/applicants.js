// The host's list of viewers who want to come on stage.

import { askText } from './dialogs.js';
import { bindText, t } from './i18n.js';
import { $, avatar, countDown, el, show, toast } from './ui.js';

const REASONS = ['applicants.reason-later', 'applicants.reason-full', 'applicants.reason-topic'];

export class Applicants {
  /**
   * `onAnswer(application, 'accept' | 'reject', body)` resolves to whether it worked; the entry goes when the server
   * says so. `isOn()`: whether this user answers applications.
   */
  constructor(events, onAnswer, { isOn = () => true } = {}) {
    Object.assign(this, { onAnswer, isOn });
    this.pending = new Map();
    this.list = $('#applicants');
    events
      .on('snapshot', ({ applications }) => { if (isOn()) this.fill(applications); })
      .on('application.created', ({ application }) => this.#add(application))
      .on('application.updated', ({ application }) => this.#update(application))
      .on('application.count', ({ count }) => { if (isOn()) this.#showCount(count); });
  }

  /** All that wait, as the server lists them. */
  fill(applications) {
    const present = new Set(applications.map(({ id }) => id));
    for (const id of [...this.pending.keys()]) if (!present.has(id)) this.#drop(id);
    for (const application of applications) if (!this.pending.has(application.id)) this.#insert(application);
    this.#showCount(this.pending.size);
  }

  #add(application) {
    if (!this.isOn() || this.pending.has(application.id)) return;
    this.#insert(application);
    this.#showCount(this.pending.size);
    toast('applicants.new', { name: application.name });
  }

  #insert(application) {
    const entry = this.#entry(application);
    this.pending.set(application.id, entry);
    this.list.append(entry.node);
  }

  #update(application) {
    const { id, state } = application;
    if (state === 'pending') return this.#renew(application);
    this.#drop(id);
    this.#showCount(this.pending.size);
  }

  /** The entry keeps its place in the list, and its time. */
  #renew(application) {
    const old = this.pending.get(application.id);
    if (!old || old.application.name === application.name) return;
    const entry = this.#entry({ ...application, expiresIn: (old.end - Date.now()) / 1000 });
    old.stop();
    old.node.replaceWith(entry.node);
    this.pending.set(application.id, entry);
  }

  #drop(id) {
    this.pending.get(id)?.stop();
    this.pending.get(id)?.node.remove();
    this.pending.delete(id);
  }

  #entry(application) {
    const { id, userId, name, media, message, expiresIn } = application;
    const button = (answer, className, click) => el('button', {
      type: 'button', class: className, i18n: `applicants.${answer}`, data: { test: answer }, on: { click },
      attrs: { 'aria-label': `${t(`applicants.${answer}`)}: ${name}` },
    });
    const facts = el('span');
    const node = el('li', { class: 'applicant', data: { id, userId, test: 'applicant' } },
      avatar(name),
      el('div', { class: 'who' },
        el('strong', { text: name }), facts),
      el('div', { class: 'row answers' },
        button('reject', 'small', () => this.#reject(application, node)),
        button('accept', 'small primary', () => this.#answer(application, 'accept', undefined, node))),
      message ? el('q', { class: 'applicant-message', text: message, data: { test: 'applicant-message' } }) : null);
    const stop = countDown(expiresIn, (left) => {
      bindText(facts, 'applicants.facts', { media: t(`applicants.${media}`), seconds: left });
    });
    return { application, node, stop, end: Date.now() + expiresIn * 1000 };
  }

  async #reject(application, node) {
    const reason = await askText('applicants.reject-question', 'applicants.reject', {
      params: { name: application.name }, labelKey: 'common.reason', presets: REASONS,
    });
    if (reason !== null) await this.#answer(application, 'reject', reason ? { reason } : undefined, node);
  }

  async #answer(application, answer, body, node) {
    const buttons = node.querySelectorAll('button');
    for (const button of buttons) button.disabled = true;
    if (!(await this.onAnswer(application, answer, body))) for (const button of buttons) button.disabled = false;
  }

  #showCount(count) {
    $('#applicants-badge').textContent = count;
    show($('#applicants-badge'), count > 0);
    show($('#applicants-empty'), this.pending.size === 0);
    document.title = document.title.replace(/^\(\d+\) /, '');
    if (count > 0) document.title = `(${count}) ${document.title}`;
  }
}
