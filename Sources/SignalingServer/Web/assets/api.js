// The HTTP API in the name of this browser's user.

import { authorized as request } from './session.js';

const part = (id) => encodeURIComponent(id);
const room = (id, rest = '') => `/rooms/${part(id)}${rest}`;

/** `?a=1&b=2` of what is neither empty nor absent. */
function query(fields) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

export const api = {
  me: () => request('GET', '/users/me'),
  user: (id) => request('GET', `/users/${part(id)}`),

  listRooms: ({ limit = 12, status = 'live', ...filter } = {}) =>
    request('GET', `/rooms${query({ status, limit, ...filter })}`),
  createRoom: (settings) => request('POST', '/rooms', settings),
  room: (id) => request('GET', room(id)),
  changeRoom: (id, changes) => request('PATCH', room(id), changes),
  endRoom: (id) => request('DELETE', room(id)),

  apply: (id, application) => request('POST', room(id, '/applications'), application),
  applications: (id) => request('GET', room(id, '/applications')),
  answerApplication: (id, application, answer, body) =>
    request('POST', room(id, `/applications/${part(application)}/${answer}`), body),
  invite: (id, userId, media) => request('POST', room(id, '/invitations'), { userId, media }),
  invitations: (id) => request('GET', room(id, '/invitations')),
  answerInvitation: (id, invitation, answer) =>
    request('POST', room(id, `/invitations/${part(invitation)}/${answer}`)),
  setSeat: (id, index, locked) => request('PUT', room(id, `/seats/${index}`), { locked }),

  setParticipant: (id, userId, controls) => request('PATCH', room(id, `/participants/${part(userId)}`), controls),
  removeParticipant: (id, userId, reason) =>
    request('DELETE', room(id, `/participants/${part(userId)}${query({ reason })}`)),

  setLayout: (id, layout) => request('PUT', room(id, '/scene'), { layout }),

  addOutput: (id, url) => request('POST', room(id, '/outputs'), { url }),
  removeOutput: (id, output) => request('DELETE', room(id, `/outputs/${part(output)}`)),

  recordings: (id, cursor) => request('GET', room(id, `/recordings${query({ limit: 100, cursor })}`)),
  startRecording: (id) => request('POST', room(id, '/recordings')),
  stopRecording: (id, recording) => request('POST', room(id, `/recordings/${part(recording)}/stop`)),
  removeRecording: (id, recording) => request('DELETE', room(id, `/recordings/${part(recording)}`)),
  linkRecording: (id, recording) => request('POST', room(id, `/recordings/${part(recording)}/link`)),

  stats: (id) => request('GET', room(id, '/stats')),

  messages: (id, before, limit) => request('GET', room(id, `/messages${query({ before, limit })}`)),
  deleteMessage: (id, message) => request('DELETE', room(id, `/messages/${part(message)}`)),
  gifts: () => request('GET', '/gifts'),
  announce: (id, text) => request('POST', room(id, '/announcements'), { text }),

  mute: (id, userId, seconds) => request('PUT', room(id, `/mutes/${part(userId)}`), seconds ? { seconds } : {}),
  unmute: (id, userId) => request('DELETE', room(id, `/mutes/${part(userId)}`)),
  mutes: (id, cursor) => request('GET', room(id, `/mutes${query({ cursor })}`)),
  ban: (id, userId, reason) => request('PUT', room(id, `/bans/${part(userId)}`), reason ? { reason } : {}),
  unban: (id, userId) => request('DELETE', room(id, `/bans/${part(userId)}`)),
  bans: (id, cursor) => request('GET', room(id, `/bans${query({ cursor })}`)),
  setAdmin: (id, userId) => request('PUT', room(id, `/admins/${part(userId)}`)),
  unsetAdmin: (id, userId) => request('DELETE', room(id, `/admins/${part(userId)}`)),
  audience: (id, cursor, limit) => request('GET', room(id, `/audience${query({ cursor, limit })}`)),
  admins: (id) => request('GET', room(id, '/admins')),

  requestLink: (id, roomId, battle) => request('POST', room(id, '/links'), { roomId, ...(battle ? { battle } : {}) }),
  answerLink: (id, link, answer, body) => request('POST', room(id, `/links/${part(link)}/${answer}`), body),
  inviteToLink: (id, link, roomId) => request('POST', room(id, `/links/${part(link)}/invite`), { roomId }),
  endLink: (id, link) => request('DELETE', room(id, `/links/${part(link)}`)),
  startBattle: (id, link, duration) => request('POST', room(id, `/links/${part(link)}/battle`), { duration }),
  answerBattle: (id, link, answer) => request('POST', room(id, `/links/${part(link)}/battle/${answer}`)),
  endBattle: (id, link) => request('DELETE', room(id, `/links/${part(link)}/battle`)),
  links: (id) => request('GET', room(id, '/links')),
};

/** What only operators may do. */
export const operating = {
  warn: (id, text) => request('POST', room(id, '/warn'), { text }),
  close: (id, reason) => request('POST', room(id, '/close'), reason ? { reason } : {}),
  notify: (id, text) => request('POST', room(id, '/notices'), { text }),
  notifyAll: (text) => request('POST', '/notices', { text }),
  roomBans: (cursor) => request('GET', `/room-bans${query({ cursor })}`),
  banRoom: (id, reason) => request('PUT', `/room-bans/${part(id)}`, reason ? { reason } : {}),
  unbanRoom: (id) => request('DELETE', `/room-bans/${part(id)}`),
  bans: (cursor) => request('GET', `/bans${query({ cursor })}`),
  ban: (userId, reason) => request('PUT', `/bans/${part(userId)}`, reason ? { reason } : {}),
  unban: (userId) => request('DELETE', `/bans/${part(userId)}`),
  keys: () => request('GET', '/api-keys'),
  addKey: (name) => request('POST', '/api-keys', { name }),
  removeKey: (id) => request('DELETE', `/api-keys/${part(id)}`),
  webhooks: () => request('GET', '/webhooks'),
  addWebhook: (url, events) => request('POST', '/webhooks', { url, events }),
  changeWebhook: (id, changes) => request('PATCH', `/webhooks/${part(id)}`, changes),
  testWebhook: (id) => request('POST', `/webhooks/${part(id)}/test`),
  removeWebhook: (id) => request('DELETE', `/webhooks/${part(id)}`),
  deliveries: (id, cursor) => request('GET', `/webhooks/${part(id)}/deliveries${query({ limit: 20, cursor })}`),
  redeliver: (id, delivery) => request('POST', `/webhooks/${part(id)}/deliveries/${part(delivery)}/redeliver`),
};
