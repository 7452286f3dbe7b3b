// Where the programme is pushed to, with the state of each push.

import { api } from './api.js';
import { errorText, putError, putReason } from './errors.js';
import { bindText } from './i18n.js';
import { $, el, iconButton, show, toastText } from './ui.js';

export class Outputs {
  constructor(events, room) {
    this.room = room;
    this.entries = new Map();
    this.list = $('#outputs');
    events
      .on('snapshot', ({ outputs }) => this.#replace(outputs ?? []))
      .on('output.updated', ({ output }) => this.#put(output))
      .on('output.removed', ({ id }) => this.#remove(id));
    $('#push-form').addEventListener('submit', (event) => { event.preventDefault(); this.#add(); });
  }

  async #add() {
    const input = $('#push-url');
    const url = input.value.trim();
    if (!url) return input.focus();
    show($('#push-error'), false);
    try {
      const output = await api.addOutput(this.room, url);
      // The event may have come first, and it is newer than this answer.
      if (!this.entries.has(output.id)) this.#put(output);
      input.value = '';
    } catch (error) {
      putError($('#push-error'), error);
    }
  }

  #replace(outputs) {
    this.entries.clear();
    this.list.replaceChildren();
    for (const output of outputs) this.#put(output);
    show($('#outputs-empty'), outputs.length === 0);
  }

  #put(output) {
    if (!this.entries.has(output.id)) {
      const entry = this.#entry(output.id);
      this.entries.set(output.id, entry);
      this.list.append(entry.node);
    }
    const { node, url, reason, state } = this.entries.get(output.id);
    node.dataset.state = output.state;
    url.textContent = output.url;
    putReason(reason, output.reason);
    state.className = `chip ${output.state}`;
    bindText(state, `push.${output.state}`);
    show($('#outputs-empty'), false);
  }

  #entry(id) {
    const parts = {
      url: el('span', { class: 'url' }),
      reason: el('span', { data: { test: 'output-reason' } }),
      state: el('span', { class: 'chip', data: { test: 'output-state' } }),
    };
    const remove = iconButton('close', 'push.remove', () => this.#stop(id), { test: 'output-remove' });
    const node = el('li', { data: { id, test: 'output' } },
      el('div', { class: 'who' }, parts.url, parts.reason), parts.state, remove);
    return { node, ...parts };
  }

  async #stop(id) {
    try {
      await api.removeOutput(this.room, id);
      this.#remove(id);
    } catch (error) {
      toastText(errorText(error), 'bad');
    }
  }

  #remove(id) {
    this.entries.get(id)?.node.remove();
    this.entries.delete(id);
    show($('#outputs-empty'), this.entries.size === 0);
  }
}
