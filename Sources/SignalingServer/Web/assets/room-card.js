// A room as the lobby, the end of a show and the operators' wall show it.

import { categoryText } from './categories.js';
import { t } from './i18n.js';
import { el, hue, icon, initial, shortNumber } from './ui.js';

/** The picture of a room: its cover, or a colour of the host's own. */
export function roomCover(room) {
  const cover = el('div', { class: 'cover', text: initial(room.hostName), attrs: { 'aria-hidden': 'true' } });
  cover.style.setProperty('--hue', hue(room.hostName));
  if (!room.cover) return cover;
  const picture = el('img', { alt: '', loading: 'lazy', referrerPolicy: 'no-referrer', src: room.cover });
  picture.addEventListener('error', () => picture.remove());
  cover.append(picture);
  return cover;
}

/** `PK`, `Linked` or `On stage` beside the live badge. */
function activityKey(room) {
  if (room.link?.state === 'active') return room.link.battle?.state === 'running' ? 'state.battle' : 'state.linked';
  return room.participants > 1 ? 'state.cohosting' : null;
}

export function roomBadges(room) {
  const key = activityKey(room);
  const className = `badge ${key?.split('.')[1]}`;
  const activity = key && el('span', { class: className, text: t(key), data: { test: 'activity' } });
  return [
    el('div', { class: 'badges' }, el('span', { class: 'badge live', text: t('state.live') }), activity),
    el('div', { class: 'counts' },
      el('span', { class: 'badge' }, icon('eye'), shortNumber(room.viewers)),
      el('span', { class: 'badge' }, icon('heart'), shortNumber(room.likes))),
  ];
}

/** The whole card as a link to `href`; `mark` is an extra badge below. */
export function roomCard(room, href, mark = null) {
  const cover = roomCover(room);
  cover.append(...roomBadges(room));
  const labels = [...(room.category ? [categoryText(room.category)] : []), ...room.tags];
  const viewers = t('lobby.viewers', { count: room.viewers });
  return el('a', {
    class: 'card', href, data: { test: 'room', room: room.id },
    attrs: { 'aria-label': `${t('lobby.enter', { title: room.title })} · ${room.hostName} · ${viewers}` },
  },
  cover,
  el('div', { class: 'facts' },
    el('span', { class: 'name', text: room.title }),
    el('span', { class: 'by', text: room.hostName }),
    el('span', { class: 'labels' }, ...labels.map((text) => el('span', { class: 'label', text }))),
    mark));
}
