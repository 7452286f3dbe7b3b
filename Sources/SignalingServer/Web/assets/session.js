// Who uses this browser: a guest or an account, kept over visits, its tokens renewed before they expire.

import { exclusively } from './exclusive.js';
import { exchange } from './http.js';

const STORE = 'mixd.session';
const LOCK = 'mixd.session.refresh';
const EARLY_MS = 120_000;
const LOOK_MS = 30_000;

/**
 * Events: `change` when somebody signs in or out, `lost` when an account must sign in again, `replaced` when another
 * tab has signed somebody else in, or this user out.
 */
export const sessionEvents = new EventTarget();

/** `{userId, name, kind, token, refreshToken, expiresAt}` or null. */
export function savedSession() {
  try {
    return JSON.parse(localStorage.getItem(STORE));
  } catch {
    return null;
  }
}

function keep(answer, kind) {
  const { userId, name, token, refreshToken = null, expiresIn = null } = answer;
  const expiresAt = expiresIn === null ? null : Date.now() + expiresIn * 1000;
  const session = { userId, name, kind, token, refreshToken, expiresAt };
  store(session);
  return session;
}

function store(session) {
  if (session) localStorage.setItem(STORE, JSON.stringify(session));
  else localStorage.removeItem(STORE);
  knownUser = session?.userId ?? null;
  sessionEvents.dispatchEvent(new Event('change'));
}

// Other tabs

/** For whom this page was made. */
let knownUser = savedSession()?.userId ?? null;

/** Another tab may have changed who uses this browser, also while this page lay in the back/forward cache. */
function look() {
  const user = savedSession()?.userId ?? null;
  const isReplaced = user !== knownUser;
  knownUser = user;
  sessionEvents.dispatchEvent(new Event('change'));
  if (isReplaced) sessionEvents.dispatchEvent(new Event('replaced'));
}

addEventListener('storage', ({ key }) => { if (key === STORE || key === null) look(); });
addEventListener('pageshow', ({ persisted }) => { if (persisted) look(); });

// Coming and going

export const enterAsGuest = async (name) => keep(await exchange('POST', '/sessions', { name }), 'guest');

export const signIn = async (name, password) =>
  keep(await exchange('POST', '/sessions/login', { name, password }), 'account');

export const register = async (name, password) =>
  keep(await exchange('POST', '/accounts', { name, password }), 'account');

/** The session of this browser, or a new guest of that name. */
export async function openSession(guestName) {
  const saved = savedSession();
  return saved?.token ? saved : enterAsGuest(guestName);
}

/** The server forgets the tokens; should it not be reached, at least this browser does. */
export async function signOut() {
  const session = savedSession();
  store(null);
  if (session) await exchange('DELETE', '/sessions/current', undefined, session.token).catch(() => {});
}

/** Ends the account's other sessions. */
export const changePassword = (old, fresh) => authorized('PATCH', '/users/me', { password: { old, new: fresh } });

export async function rename(name) {
  await authorized('PATCH', '/users/me', { name });
  store({ ...savedSession(), name });
}

// Tokens

const isOld = (session) => session?.expiresAt && session.expiresAt - Date.now() < EARLY_MS;

/** The token as it is. */
export const currentToken = () => savedSession()?.token ?? null;

/** A token that is good for a while, or null without a session. */
export async function freshToken() {
  const session = savedSession();
  if (isOld(session)) await renew(session.token).catch(() => {});
  return currentToken();
}

/**
 * Exchanges the refresh token, unless another tab just did: a refresh token works once, and using one twice ends the
 * whole session (but for a moment, in case an answer is lost). Guests whom the server no longer knows become new guests of the same name.
 */
export function renew(refusedToken) {
  const work = async () => {
    const session = savedSession();
    if (!session || session.token !== refusedToken) return session;
    try {
      if (!session.refreshToken) throw Object.assign(new Error('no refresh token'), { status: 401 });
      const answer = await exchange('POST', '/sessions/refresh', { refreshToken: session.refreshToken });
      // Who has signed out meanwhile stays signed out.
      return savedSession()?.token === refusedToken ? keep(answer, session.kind) : savedSession();
    } catch (error) {
      if (error.status !== 401) throw error;
      return session.kind === 'account' ? lose(error) : enterAsGuest(session.name);
    }
  };
  return exclusively(LOCK, work);
}

function lose(error) {
  store(null);
  sessionEvents.dispatchEvent(new Event('lost'));
  throw error;
}

/** A request in the name of this browser's user; a token that is refused is renewed once. */
export async function authorized(method, path, body) {
  const ask = (token) => exchange(method, path, body, token);
  const token = await freshToken();
  try {
    return await ask(token);
  } catch (error) {
    if (error.status !== 401 || !token || error.code === 'auth.credentials') throw error;
    const session = await renew(token);
    return ask(session?.token);
  }
}

setInterval(() => { if (!document.hidden) freshToken(); }, LOOK_MS);
