// A list of the operators' page: a form that adds, entries that can be removed.

import { ask } from './dialogs.js';
import { errorText, putError } from './errors.js';
import { $, el, show, toastText } from './ui.js';

/**
 * `read()` resolves with the entries, `line(entry, reload)` makes the nodes of one, `add()` does what the form is for,
 * `remove(entry)` may be absent. Returns the function that loads the list.
 */
export function startList({ list, form, error, read, line, add, remove, removeKey, askKey }) {
  const load = async () => {
    try {
      $(list).replaceChildren(...(await read()).map(entryNode));
    } catch (failure) {
      toastText(errorText(failure), 'bad');
    }
  };
  const entryNode = (entry) => el('li', { data: { id: entry.id ?? entry.userId, test: 'entry' } },
    ...line(entry, load),
    el('button', {
      type: 'button', class: 'small', i18n: removeKey, data: { test: 'remove' },
      on: { click: () => removeEntry(entry) },
    }));
  const removeEntry = async (entry) => {
    if (!(await ask(askKey, removeKey, 'common.cancel', { name: entry.name ?? entry.url ?? entry.userId }))) return;
    try {
      await remove(entry);
      await load();
    } catch (failure) {
      toastText(errorText(failure), 'bad');
    }
  };
  $(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    show($(error), false);
    try {
      await add();
      await load();
    } catch (failure) {
      putError($(error), failure);
    }
  });
  return load;
}

export const facts = (title, ...details) => el('div', { class: 'who' },
  el('strong', { text: title }), ...details.filter(Boolean).map((text) => el('span', { text })));
