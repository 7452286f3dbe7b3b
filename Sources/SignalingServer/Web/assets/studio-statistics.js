// Numbers of a show: while it runs, and when it is over.

import { api } from './api.js';
import { bindText, t } from './i18n.js';
import { $, clock, el, shortNumber, show } from './ui.js';

const STATS_MS = 2000;

/** The line of the mixer's latency, and the time on air. */
export class Statistics {
  constructor(room, figures) {
    Object.assign(this, { room, figures });
  }

  run(on) {
    clearInterval(this.clockTimer);
    clearInterval(this.statsTimer);
    show($('#stats'), on);
    if (!on) return;
    const tick = () => { $('#live-time').textContent = clock(this.figures.duration); };
    this.clockTimer = setInterval(tick, 1000);
    this.statsTimer = setInterval(() => this.#load(), STATS_MS);
    tick();
    this.#load();
  }

  async #load() {
    try {
      const { latency, framesComposed, ticksMissed } = await api.stats(this.room);
      const { p50, p95 } = latency.mix ?? {};
      const times = p50 === undefined
        ? t('stats.waiting') : t('stats.latency', { p50: p50.toFixed(1), p95: p95.toFixed(1) });
      $('#stats').textContent = `${times} · ${t('stats.frames', { frames: framesComposed, missed: ticksMissed })}`;
    } catch {
      // The next round tries again; the line keeps what it showed.
    }
  }
}

/**
 * What the host reads at the end. `room` is its last state; what a server that is older than the page does not count,
 * is what the page has seen.
 */
export function showSummary(room, figures) {
  document.body.classList.add('over');
  for (const part of ['#controls', '#tools', '#applicants-section', '#room-notice']) show($(part), false);
  if (room.endReason && room.endReason !== 'host') bindText($('#ended-reason'), `studio.ended-${room.endReason}`);
  const isTimed = room.startedAt && room.endedAt;
  const duration = isTimed ? (Date.parse(room.endedAt) - Date.parse(room.startedAt)) / 1000 : figures.duration;
  const facts = [
    ['studio.sum-duration', clock(duration)],
    ['studio.sum-viewers', shortNumber(room.peakViewers ?? figures.viewers)],
    ['studio.sum-likes', shortNumber(room.likes)],
    ['studio.sum-gifts', shortNumber(room.gifts ?? figures.gifts)],
    ...(room.giftValue ? [['studio.sum-value', shortNumber(room.giftValue)]] : []),
  ];
  $('#ended-summary').replaceChildren(...facts.map(([key, value]) => el('div', {},
    el('dt', { i18n: key }), el('dd', { text: value, data: { test: key.split('.')[1] } }))));
  show($('#ended'), true);
}
