// Users who are banned from the whole server.

import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { avatar, $ } from './ui.js';

export function startBans() {
  return startList({
    list: '#bans', form: '#ban-form', error: '#ban-error', removeKey: 'rules.undo-bans', askKey: 'admin.unban-question',
    read: async () => (await operating.bans()).bans,
    line: ({ userId, name, reason }) => [avatar(name), facts(name, userId, reason)],
    remove: ({ userId }) => operating.unban(userId),
    add: async () => {
      await operating.ban($('#ban-user').value.trim(), $('#ban-reason').value.trim());
      $('#ban-user').value = '';
    },
  });
}
