// Questions about links: with whom, and whether one wants to.

import { api } from './api.js';
import { ask, modal } from './dialogs.js';
import { bindText } from './i18n.js';
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
    keepRooms({ list, none, search, excluded }, (room) => close({ room, duration: Number(duration?.value ?? 0) }));
    return [
      el('h2', { i18n: withBattle ? 'link.pick' : 'link.pick-more' }),
      duration ? el('label', { class: 'field' }, el('span', { i18n: 'battle.duration' }), duration) : null,
      search, list, none,
      el('button', { type: 'button', class: 'wide quiet', i18n: 'common.cancel', on: { click: () => close() } }),
    ];
  }, { className: 'sheet wide-dialog', test: 'pick-room' });
}

/** Fills a list with the rooms that are found, and keeps it so: nothing moves under the pointer, new rooms come last. */
function keepRooms({ list, none, search, excluded }, onPick) {
  const lines = new Map();
  let query = null;
  const update = (rooms) => {
    for (const [id, { node }] of lines) {
      if (!rooms.some((room) => room.id === id) && lines.delete(id)) node.remove();
    }
    for (const room of rooms) {
      const state = `${isBusy(room)} ${room.hostName} ${room.title}`;
      const line = lines.get(room.id);
      if (line?.state === state) continue;
      const node = roomLine(room, () => onPick(room));
      if (line) line.node.replaceWith(node);
      else list.append(node);
      lines.set(room.id, { node, state });
    }
    show(none, lines.size === 0);
  };
  const load = async () => {
    const wanted = { q: search.value.trim(), sort: 'hottest', limit: 30 };
    const found = await api.listRooms(wanted).catch(() => null);
    if (wanted.q !== search.value.trim() || (!found && lines.size > 0)) return;
    if (wanted.q !== query) update([]);
    query = wanted.q;
    update((found?.rooms ?? []).filter(({ id }) => !excluded.has(id)));
  };
  search.addEventListener('input', () => { clearTimeout(search.timer); search.timer = setTimeout(load, 300); });
  load();
  const again = setInterval(() => (list.isConnected ? load() : clearInterval(again)), REFRESH);
}

const isBusy = (room) => Boolean(room.link) || room.participants > 1;

function roomLine(room, onPick) {
  const busy = isBusy(room);
  const button = el('button', {
    type: 'button', class: 'small primary', i18n: busy ? 'link.is-busy' : 'link.request', disabled: busy,
    data: { test: 'pick', room: room.id }, on: { click: onPick },
  });
  const viewers = el('span', { class: 'whole' });
  bindText(viewers, 'lobby.viewers', { count: shortNumber(room.viewers) });
  return el('li', {}, avatar(room.hostName),
    el('div', { class: 'who' }, el('strong', { text: room.hostName }),
      el('span', { text: `${room.title} · ` }), viewers),
    button);
}

export function battleSelect(test, { withNone = true } = {}) {
  const option = (value, key, params = {}) => {
    const node = el('option', { value: String(value) });
    bindText(node, key, params);
    return node;
  };
  const select = el('select', { data: { test } },
    withNone ? option(0, 'battle.none') : null,
    ...DURATIONS.map((seconds) => option(seconds, 'common.minutes', { count: seconds / 60 })));
  select.value = String(DURATIONS[1]);
  return select;
}

/** Whether the host wants the link he is asked for; null when he has not answered. */
export function askForLink(link, seconds, signal) {
  const from = link.rooms.find(({ id }) => id === link.requestedBy) ?? link.rooms[0];
  const { battleDuration: battle } = link;
  const params = battle ? { name: from.hostName, time: clock(battle) } : { name: from.hostName };
  const question = battle ? 'battle.asked' : 'link.asked';
  return ask(question, 'link.accept', 'link.reject', params, { signal, seconds, detail: from.title });
}
