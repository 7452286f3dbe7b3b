// Questions about links: with whom, and whether one wants to.

import { api } from './api.js';
import { ask, modal } from './dialogs.js';
import { bindText, t } from './i18n.js';
import { avatar, clock, el, shortNumber, show } from './ui.js';

export const DURATIONS = [60, 180, 300, 600];

/** Milliseconds until a list that is looked at is fetched anew. */
const REFRESH = 3000;

/** A list of live rooms; resolves with `{room, duration}` (0: without a battle) or null. */
export function pickRoom(ownRoom, { withBattle, exclude = [] }) {
  const excluded = new Set([ownRoom, ...exclude]);
  return modal((close) => {
    const list = el('ul', { class: 'list', data: { test: 'pick-list' }, attrs: { 'aria-busy': 'true' } });
    const none = el('p', { class: 'muted', i18n: 'link.nobody', hidden: true });
    const duration = withBattle ? battleSelect('link-battle') : null;
    const search = el('input', { type: 'search', maxLength: 50, autocomplete: 'off', data: { test: 'pick-search' } });
    bindText(search, 'lobby.search', {}, 'placeholder');
    bindText(search, 'lobby.search', {}, 'aria-label');
    let shown = null;
    const load = async () => {
      const wanted = { q: search.value.trim(), sort: 'hottest', limit: 30 };
      const { rooms } = await api.listRooms(wanted).catch(() => ({ rooms: [] }));
      const others = rooms.filter(({ id }) => !excluded.has(id));
      // What is the same stays, and with it the focus.
      const state = JSON.stringify(others.map((room) => [room.id, room.title, room.viewers, isBusy(room)]));
      if (state === shown) return;
      shown = state;
      list.replaceChildren(...others.map((room) => roomLine(room, () => (
        close({ room, duration: Number(duration?.value ?? 0) })))));
      show(none, others.length === 0);
    };
    search.addEventListener('input', () => { clearTimeout(search.timer); search.timer = setTimeout(load, 300); });
    load();
    const again = setInterval(() => (list.isConnected ? load() : clearInterval(again)), REFRESH);
    return [
      el('h2', { i18n: withBattle ? 'link.pick' : 'link.pick-more' }),
      duration ? el('label', { class: 'field' }, el('span', { i18n: 'battle.duration' }), duration) : null,
      search, list, none,
      el('button', { type: 'button', class: 'wide quiet', i18n: 'common.cancel', on: { click: () => close() } }),
    ];
  }, { className: 'sheet wide-dialog', test: 'pick-room' });
}

const isBusy = (room) => Boolean(room.link) || room.participants > 1;

function roomLine(room, onPick) {
  const busy = isBusy(room);
  const button = el('button', {
    type: 'button', class: 'small primary', i18n: busy ? 'link.is-busy' : 'link.request', disabled: busy,
    data: { test: 'pick', room: room.id }, on: { click: onPick },
  });
  return el('li', {}, avatar(room.hostName),
    el('div', { class: 'who' }, el('strong', { text: room.hostName }),
      el('span', { text: `${room.title} · ${t('lobby.viewers', { count: shortNumber(room.viewers) })}` })),
    button);
}

export function battleSelect(test, { withNone = true } = {}) {
  const select = el('select', { data: { test } });
  if (withNone) select.append(new Option(t('battle.none'), '0'));
  for (const seconds of DURATIONS) {
    select.append(new Option(t('common.minutes', { count: seconds / 60 }), String(seconds)));
  }
  select.value = String(DURATIONS[1]);
  return select;
}

/** Whether the host wants the link he is asked for. */
export function askForLink(link, seconds, signal) {
  const from = link.rooms.find(({ id }) => id === link.requestedBy) ?? link.rooms[0];
  const { battleDuration: battle } = link;
  const params = battle ? { name: from.hostName, time: clock(battle) } : { name: from.hostName };
  const question = battle ? 'battle.asked' : 'link.asked';
  return ask(question, 'link.accept', 'link.reject', params, { signal, seconds, detail: from.title });
}
