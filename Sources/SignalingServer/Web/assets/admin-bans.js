// Users who are banned from the whole server.

import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { avatar, $ } from './ui.js';

export function startBans() {
  return startList({
    list: '#bans', form: '#ban-form', error: '#ban-error', removeKey: 'rules.undo-bans', askKey: 'admin.unban-question',
    read: async (cursor) => {
      const { bans, next } = await operating.bans(cursor);
      return { entries: bans, next };
    },
    line: ({ userId, name, reason }, { removal }) => [avatar(name), facts(name, userId, reason), removal],
    remove: ({ userId }) => operating.unban(userId),
    add: async () => {
      await operating.ban($('#ban-user').value.trim(), $('#ban-reason').value.trim());
      for (const field of ['#ban-user', '#ban-reason']) $(field).value = '';
    },
  });
}
