// Keys with which other backends use the API.

import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { modal } from './dialogs.js';
import { $, el } from './ui.js';

/** What is shown once and never again. */
export const showSecret = (titleKey, secret) => modal((close) => [
  el('h2', { i18n: titleKey }),
  el('p', { i18n: 'admin.once' }),
  el('code', { class: 'secret', text: secret, data: { test: 'secret' } }),
  el('button', {
    type: 'button', class: 'primary wide', i18n: 'common.close', data: { test: 'secret-close' },
    on: { click: () => close() },
  }),
]);

export function startKeys() {
  return startList({
    list: '#keys', form: '#key-form', error: '#key-error', removeKey: 'common.remove', askKey: 'admin.remove-question',
    read: async () => ({ entries: (await operating.keys()).apiKeys }),
    line: ({ id, name }, { removal }) => [facts(name, id), removal],
    remove: ({ id }) => operating.removeKey(id),
    add: async () => {
      const { key } = await operating.addKey($('#key-name').value.trim());
      $('#key-name').value = '';
      showSecret('admin.new-key', key);
    },
  });
}
