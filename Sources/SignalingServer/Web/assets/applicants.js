// The host's list of viewers who want to come on stage.

import { t } from './i18n.js';
import { $, avatar, el, show, toast } from './ui.js';

export class Applicants {
  /** `onAnswer(application, 'accept' | 'reject')` returns a promise; the entry goes when the server says so. */
  constructor(events, onAnswer) {
    this.onAnswer = onAnswer;
    this.pending = new Map();
    this.list = $('#applicants');
    events
      .on('snapshot', ({ applications }) => this.#replace(applications))
      .on('application.created', ({ application }) => this.#add(application))
      .on('application.updated', ({ application }) => this.#remove(application.id));
  }

  #replace(applications) {
    this.pending.clear();
    this.list.replaceChildren();
    for (const application of applications) this.#insert(application);
    this.#count();
  }

  #add(application) {
    if (this.pending.has(application.id)) return;
    this.#insert(application);
    this.#count();
    toast('applicants.new', { name: application.name });
  }

  #insert(application) {
    const entry = this.#entry(application);
    this.pending.set(application.id, entry);
    this.list.append(entry);
  }

  #remove(id) {
    this.pending.get(id)?.remove();
    this.pending.delete(id);
    this.#count();
  }

  #entry(application) {
    const button = (answer, className) => {
      const node = el('button', {
        type: 'button', class: className, i18n: `applicants.${answer}`, data: { test: answer },
      });
      node.addEventListener('click', () => this.#answer(application, answer, node.closest('li')));
      node.setAttribute('aria-label', `${t(`applicants.${answer}`)}: ${application.name}`);
      return node;
    };
    return el('li', { data: { id: application.id, userId: application.userId } },
      avatar(application.name),
      el('div', { class: 'who' },
        el('strong', { text: application.name }),
        el('span', { i18n: `applicants.${application.media}` })),
      button('reject', 'small'),
      button('accept', 'small primary'));
  }

  async #answer(application, answer, entry) {
    const buttons = entry.querySelectorAll('button');
    for (const button of buttons) button.disabled = true;
    if (!(await this.onAnswer(application, answer))) for (const button of buttons) button.disabled = false;
  }

  #count() {
    const { size } = this.pending;
    $('#applicants-badge').textContent = size;
    show($('#applicants-badge'), size > 0);
    show($('#applicants-empty'), size === 0);
    document.title = document.title.replace(/^\(\d+\) /, '');
    if (size > 0) document.title = `(${size}) ${document.title}`;
  }
}
