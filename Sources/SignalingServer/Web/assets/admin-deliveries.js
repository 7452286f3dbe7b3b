// How the deliveries of a webhook went, page by page, with the way to send one again.

import { putPage } from './admin-list.js';
import { operating } from './api.js';
import { attempt, putReason } from './errors.js';
import { bindText } from './i18n.js';
import { el, show } from './ui.js';

/** `node` goes into the page, closed until `toggle()`; `refresh()` loads it anew if it is open. */
export function deliveryLog(webhook) {
  const list = el('ul', { class: 'deliveries list', hidden: true, data: { test: 'deliveries' } });
  const load = async (cursor) => {
    const page = await attempt(() => operating.deliveries(webhook, cursor));
    if (!page) return;
    const entries = page.deliveries.map((delivery) => entryNode(webhook, delivery, () => load()));
    putPage(list, entries, { isFirst: !cursor, more: page.next && (() => load(page.next)) });
    if (list.childElementCount === 0) list.append(el('li', { class: 'muted', i18n: 'common.none' }));
  };
  const refresh = () => { if (!list.hidden) load(); };
  const toggle = () => { show(list, list.hidden); refresh(); };
  return { node: list, refresh, toggle };
}

/** In the order of the page: what and when, how it went, why not. */
function entryNode(webhook, { id, type, room, state, attempts, createdAt, status, reason }, reload) {
  const why = el('span');
  if (reason) putReason(why, reason);
  const chip = el('span', { class: `chip ${CHIPS[state] ?? ''}`, i18n: `admin.state-${state}` });
  const tries = el('span');
  bindText(tries, 'admin.attempts', { count: attempts });
  const again = el('button', {
    type: 'button', class: 'small', i18n: 'admin.redeliver', data: { test: 'redeliver' },
    on: { click: async () => {
      if (await attempt(() => operating.redeliver(webhook, id), 'admin.redelivered')) reload();
    } },
  });
  return el('li', { data: { test: 'delivery', state } },
    el('div', { class: 'who' }, el('strong', { text: type }),
      el('span', { text: [timeText(createdAt), room].filter(Boolean).join(' · ') }),
      status || reason ? el('span', {}, [status, status && reason ? ' · ' : ''].filter(Boolean).join(''), why) : null),
    tries, chip, state === 'pending' ? null : again);
}

const CHIPS = { delivered: 'live', pending: 'connecting', failed: 'failed', dropped: 'failed' };

/** `2026-01-31 18:02:10` of here, in every language. */
const timeText = (time) => new Date(time).toLocaleString('sv-SE');
