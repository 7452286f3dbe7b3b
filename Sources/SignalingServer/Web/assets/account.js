// Signing in: as a guest, with an account, or by making one; and the menu of who is signed in.

import { api } from './api.js';
import { ask, choose, modal } from './dialogs.js';
import { putError } from './errors.js';
import { bindText, plainText } from './i18n.js';
import {
  changePassword, enterAsGuest, register, rename, savedSession, sessionEvents, signIn, signOut,
} from './session.js';
import { $, avatar, el, icon, toast } from './ui.js';

const FORMS = {
  guest: { fields: ['name'], hint: 'lobby.name-hint', send: ({ name }) => enterAsGuest(name) },
  'sign-in': { fields: ['name', 'password'], send: ({ name, password }) => signIn(name, password) },
  register: {
    fields: ['name', 'password', 'repeat'], hint: 'account.name-hint',
    send: ({ name, password }) => register(name, password),
  },
};
/** Where a field is not called as elsewhere. */
const LABELS = {
  'guest name': 'lobby.name', 'edit name': 'lobby.name', 'edit password': 'account.field-new',
};
const AUTOCOMPLETE = {
  guest: { name: 'nickname' },
  'sign-in': { name: 'username', password: 'current-password' },
  register: { name: 'username', password: 'new-password', repeat: 'new-password' },
};

/** Opens the sign-in dialog; resolves with the session, or null when nobody signed in. */
export function openAccountDialog(first = 'sign-in', { reason = null } = {}) {
  return modal((close) => {
    const body = el('div', { class: 'stack' });
    const tabs = Object.keys(FORMS).map((name) => el('button', {
      type: 'button', i18n: `account.${name}`, data: { test: `tab-${name}`, form: name }, attrs: { role: 'tab' },
      on: { click: () => select(name) },
    }));
    const select = (name) => {
      for (const tab of tabs) tab.setAttribute('aria-selected', String(tab.dataset.form === name));
      body.replaceChildren(accountForm(name, close));
      $('input', body).focus();
    };
    setTimeout(() => select(first));
    return [
      el('h2', { i18n: 'account.title' }),
      reason ? el('p', { class: 'message', i18n: reason }) : null,
      el('div', { class: 'tabs', label: 'account.title', attrs: { role: 'tablist' } }, ...tabs),
      body,
      el('button', { type: 'button', class: 'wide quiet', i18n: 'common.cancel', on: { click: () => close() } }),
    ];
  }, { className: 'ask account', test: 'account' });
}

function field(form, name) {
  const secret = name !== 'name';
  const input = el('input', {
    name, type: secret ? 'password' : 'text', required: true, maxLength: secret ? 64 : 32,
    autocomplete: AUTOCOMPLETE[form][name], spellcheck: false, data: { test: `account-${name}` },
    attrs: { autocapitalize: 'none' },
  });
  const label = LABELS[`${form} ${name}`] ?? `account.field-${name}`;
  return el('label', { class: 'field' }, el('span', { i18n: label }), input);
}

function accountForm(name, done) {
  const { fields, hint, send } = FORMS[name];
  const problem = el('p', { class: 'error', hidden: true, attrs: { role: 'alert' }, data: { test: 'account-error' } });
  const submit = el('button', {
    type: 'submit', class: 'primary wide', i18n: `account.do-${name}`, data: { test: 'account-submit' },
  });
  const form = el('form', { class: 'stack', attrs: { novalidate: '' } },
    ...fields.map((one) => field(name, one)),
    hint ? el('small', { class: 'muted', i18n: hint }) : null, problem, submit);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      done(await send(checked(Object.fromEntries(new FormData(form)))));
    } catch (error) {
      putError(problem, error);
      submit.disabled = false;
    }
  });
  return form;
}

/** What needs no server to be wrong. */
function checked(values) {
  const fail = (key) => { throw Object.assign(new Error(key), { key }); };
  const name = values.name.trim();
  if (!name) fail('error.name-empty');
  if (values.password === '') fail('error.account.password');
  if ('repeat' in values && values.repeat !== values.password) fail('error.account.password-repeat');
  return { ...values, name };
}

// The menu of the page's head

/**
 * Puts who is signed in, or the way to it, into the page's head. `onChange(session)` after a change, also one by
 * another tab; while `isBusy()` nothing changes without a question.
 */
export function startAccountMenu(onChange = () => location.reload(), { isBusy = () => false } = {}) {
  const button = $('#account');
  const showWho = () => {
    const session = savedSession();
    button.replaceChildren(
      session ? avatar(session.name, 'avatar mini') : icon('user'),
      el('span', session ? { class: 'account-name', text: session.name } : { i18n: 'account.sign-in' }));
    if (session) plainText(button, session.name, 'title');
    else bindText(button, 'account.sign-in', {}, 'title');
  };
  button.addEventListener('click', async () => {
    if (savedSession() ? await openMenu() : await openAccountDialog()) onChange(savedSession());
  });
  sessionEvents.addEventListener('change', showWho);
  sessionEvents.addEventListener('replaced', async () => {
    const key = savedSession() ? 'account.replaced' : 'account.gone';
    if (!isBusy() || await ask(key, 'account.go-on', 'account.stay', { name: savedSession()?.name })) {
      onChange(savedSession());
    }
  });
  sessionEvents.addEventListener('lost', async () => {
    if (await openAccountDialog('sign-in', { reason: 'error.auth.invalid' })) onChange(savedSession());
  });
  showWho();
}

/** Resolves to whether somebody else is signed in now. */
async function openMenu() {
  const session = savedSession();
  const isGuest = session.kind !== 'account';
  const me = isGuest ? null : await api.me().catch(() => null);
  const action = await choose(session.name, { key: isGuest ? 'account.is-guest' : 'account.is-account' }, [
    { value: 'rooms', key: 'account.rooms' },
    ...(me?.operator ? [{ value: 'operate', key: 'admin.title' }] : []),
    ...(isGuest
      ? [{ value: 'sign-in', key: 'account.sign-in' }, { value: 'register', key: 'account.register' },
        { value: 'rename', key: 'account.rename' }]
      : [{ value: 'password', key: 'account.change-password' }]),
    { value: 'sign-out', key: 'account.sign-out', danger: true },
  ]);
  switch (action) {
    case 'rooms': location.assign('/#my-rooms'); return false;
    case 'operate': location.assign('/admin'); return false;
    case 'sign-in': case 'register': return Boolean(await openAccountDialog(action));
    case 'rename':
      // The rooms hear of it, so that no page has to be opened anew.
      if (await edit('account.rename', ['name'], ({ name }) => rename(name))) toast('common.saved');
      return false;
    case 'password':
      if (await edit('account.change-password', ['old', 'password', 'repeat'], savePassword)) {
        toast('account.password-changed');
      }
      return false;
    case 'sign-out': await signOut(); return true;
    default: return false;
  }
}

const savePassword = ({ old, password }) => changePassword(old, password);

AUTOCOMPLETE.edit = { name: 'nickname', old: 'current-password', password: 'new-password', repeat: 'new-password' };

function edit(title, fields, send) {
  return modal((close) => {
    FORMS.edit = { fields, send: async (values) => { await send(values); return true; } };
    return [
      el('h2', { i18n: title }),
      accountForm('edit', close),
      el('button', { type: 'button', class: 'wide quiet', i18n: 'common.cancel', on: { click: () => close() } }),
    ];
  }, { className: 'ask account', test: 'account' });
}
