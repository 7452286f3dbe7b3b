// A list of the operators' page: a form that adds, entries that can be removed, page by page.

import { ask } from './dialogs.js';
import { attempt, putError } from './errors.js';
import { $, el, show } from './ui.js';

/**
 * `read(cursor)` resolves with `{entries, next}`, `line(entry, {reload, removal})` makes the nodes of one, `removal` the
 * button among them; `add()` does what the form is for, which may be absent. Returns the function that loads the list.
 */
export function startList({ list, form = null, error, read, line, add, remove, removeKey, askKey }) {
  const load = async (cursor) => {
    const page = await attempt(() => read(cursor));
    if (!page) return;
    putPage($(list), page.entries.map(entryNode), { isFirst: !cursor, more: page.next && (() => load(page.next)) });
  };
  const reload = () => load();
  const entryNode = (entry) => el('li', { data: { id: entry.id ?? entry.userId ?? entry.roomId, test: 'entry' } },
    ...line(entry, { reload, removal: removal(entry) }));
  const removal = (entry) => el('button', {
    type: 'button', class: 'small', i18n: removeKey, data: { test: 'remove' }, on: { click: () => removeEntry(entry) },
  });
  const removeEntry = async (entry) => {
    const name = entry.name ?? entry.title ?? entry.url ?? entry.userId;
    if (!(await ask(askKey, removeKey, 'common.cancel', { name }, { danger: true }))) return;
    if (await attempt(() => remove(entry))) await load();
  };
  if (form) wireForm(form, error, async () => { await add(); await load(); });
  return reload;
}

function wireForm(form, error, send) {
  $(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    show($(error), false);
    try {
      await send();
    } catch (failure) {
      putError($(error), failure);
    }
  });
}

/** The first page in the place of all, any other behind those before; `more` loads the next one, if there is one. */
export function putPage(list, nodes, { isFirst, more }) {
  $('.more', list)?.remove();
  const all = more ? [...nodes, moreNode(more)] : nodes;
  if (isFirst) list.replaceChildren(...all);
  else list.append(...all);
}

const moreNode = (onClick) => el('li', { class: 'more' }, el('button', {
  type: 'button', class: 'small wide', i18n: 'lobby.more', data: { test: 'more' }, on: { click: onClick },
}));

export const facts = (title, ...details) => el('div', { class: 'who' },
  el('strong', { text: title }), ...details.filter(Boolean).map((one) => (
    typeof one === 'string' ? el('span', { text: one }) : one)));
