// Rooms that are closed for good, until the ban is lifted.

import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { $ } from './ui.js';

export function startRoomBans() {
  return startList({
    list: '#room-bans', form: '#room-ban-form', error: '#room-ban-error', removeKey: 'rules.undo-bans',
    askKey: 'admin.unban-room-question',
    read: async (cursor) => {
      const { roomBans, next } = await operating.roomBans(cursor);
      return { entries: roomBans, next };
    },
    line: ({ roomId, title, hostName, reason }, { removal }) => [
      facts(title, `${hostName} · ${roomId}`, reason), removal,
    ],
    remove: ({ roomId }) => operating.unbanRoom(roomId),
    add: async () => {
      await operating.banRoom($('#room-ban-id').value.trim(), $('#room-ban-reason').value.trim());
      for (const field of ['#room-ban-id', '#room-ban-reason']) $(field).value = '';
    },
  });
}
