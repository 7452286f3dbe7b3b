// The HTTP API and the guest session that is kept in this browser.

const STORE = 'mixd.session';

/** A refusal of the server: `code` is stable (`room.full`), `message` is for developers. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }

  static async from(response) {
    const body = await response.json().catch(() => null);
    const { code = `http.${response.status}`, message = response.statusText } = body?.error ?? {};
    return new ApiError(response.status, code, message);
  }
}

/** `{userId, token, name}` or null. */
export function savedSession() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
}

/** The session of this browser; made when there is none or when the name changed. */
export async function openSession(name) {
  const saved = savedSession();
  if (saved?.token && (!name || saved.name === name)) return saved;
  return newSession(name);
}

async function newSession(name) {
  const { userId, token } = await exchange('POST', '/sessions', { name }, null);
  const session = { userId, token, name };
  localStorage.setItem(STORE, JSON.stringify(session));
  return session;
}

async function exchange(method, path, body, token) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw await ApiError.from(response);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/** A request in the name of this browser's user. A session the server no longer knows is made anew, once. */
async function request(method, path, body) {
  const session = savedSession();
  try {
    return await exchange(method, path, body, session?.token);
  } catch (error) {
    if (error.status !== 401 || !session) throw error;
    const renewed = await newSession(session.name);
    return exchange(method, path, body, renewed.token);
  }
}

const room = (id, rest = '') => `/rooms/${encodeURIComponent(id)}${rest}`;
const part = (id) => encodeURIComponent(id);

export const api = {
  listRooms: ({ cursor, limit = 12 } = {}) =>
    request('GET', `/rooms?status=live&limit=${limit}${cursor ? `&cursor=${part(cursor)}` : ''}`),
  createRoom: (settings) => request('POST', '/rooms', settings),
  room: (id) => request('GET', room(id)),
  endRoom: (id) => request('DELETE', room(id)),

  apply: (id, media) => request('POST', room(id, '/applications'), { media }),
  answerApplication: (id, application, answer) =>
    request('POST', room(id, `/applications/${part(application)}/${answer}`)),
  invite: (id, userId) => request('POST', room(id, '/invitations'), { userId }),
  answerInvitation: (id, invitation, answer) =>
    request('POST', room(id, `/invitations/${part(invitation)}/${answer}`)),

  setParticipant: (id, userId, controls) => request('PATCH', room(id, `/participants/${part(userId)}`), controls),
  removeParticipant: (id, userId) => request('DELETE', room(id, `/participants/${part(userId)}`)),

  setLayout: (id, layout) => request('PUT', room(id, '/scene'), { layout }),

  addOutput: (id, url) => request('POST', room(id, '/outputs'), { url }),
  removeOutput: (id, output) => request('DELETE', room(id, `/outputs/${part(output)}`)),

  stats: (id) => request('GET', room(id, '/stats')),
};
