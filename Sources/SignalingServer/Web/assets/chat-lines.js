// One line of the chat. All text from people goes through textContent.

import { bindText, t } from './i18n.js';
import { el } from './ui.js';

/** `onPerson` makes the author's name a button. */
export function chatLine(message, onPerson = null) {
  const { kind, text, id, from } = message;
  if (kind === 'system' || kind === 'notice') {
    const label = from === 'operator' ? 'operator' : kind;
    return el('li', { class: kind, data: { id } },
      el('span', { class: `tag ${label}`, i18n: `chat.kind-${label}` }), ' ', el('span', { class: 'said', text }));
  }
  const role = roleTag(message);
  return el('li', { class: kind, data: { id } },
    role, role && ' ', person(message, onPerson), ' ', el('span', { text }));
}

function roleTag({ role, admin }) {
  if (role === 'host') return el('span', { class: 'tag host', i18n: 'stage.host' });
  if (admin || role === 'admin') return el('span', { class: 'tag admin', i18n: 'stage.admin' });
  return role === 'cohost' ? el('span', { class: 'tag', i18n: 'stage.cohost' }) : null;
}

function person({ name }, onPerson) {
  if (!onPerson) return el('span', { class: 'from', text: name });
  const node = el('button', {
    type: 'button', class: 'from', text: name, tabIndex: -1, data: { test: 'person' }, on: { click: onPerson },
  });
  bindText(node, 'chat.person', { name }, 'title');
  return node;
}

export function giftLine({ name, gift: { giftId, count } }, gifts, onPerson = null) {
  const { emoji } = gifts.find(giftId);
  return el('li', { class: 'gift', data: { test: 'gift-line' } },
    person({ name }, onPerson), ' ', el('span', { i18n: 'gift.gave' }), ' ', gifts.nameNode(giftId),
    el('b', { text: ` ${emoji} ×${count}` }));
}

/** “Ann, Bob and more joined (12) · 3 left”, or null. */
export function passingText(news) {
  return [enteredText(news), leftText(news)].filter(Boolean).join(' · ') || null;
}

function enteredText({ entered, enteredCount }) {
  if (!enteredCount) return null;
  const names = entered.join(t('chat.and'));
  const more = enteredCount - entered.length;
  return more > 0 ? t('chat.entered-more', { names, count: enteredCount }) : t('chat.entered', { names });
}

const leftText = ({ left }) => (left > 0 ? t('chat.left', { count: left }) : null);
