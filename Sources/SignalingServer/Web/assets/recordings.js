// Recordings of the programme: begin and end one, play, keep and delete what was recorded.

import { api } from './api.js';
import { ask, modal } from './dialogs.js';
import { attempt, errorKey } from './errors.js';
import { bindText, dateText, onLanguage } from './i18n.js';
import { $, clock, el, show } from './ui.js';

const MEGABYTE = 1_000_000;
/** A player that fails sooner than this after it got an address does not fail because the address is too old. */
const FRESH_MS = 60_000;
/** After the end of the room its recording is over as soon as the file is complete: how often that is looked for. */
const LOOKS = 20;
const LOOK_MS = 1000;
/** Ends that need no words. */
const PLAIN_ENDS = new Set(['stopped', 'room.ended', 'restart']);

export class Recordings {
  constructor(events, room) {
    this.room = room;
    this.isOver = false;
    this.isAllowed = true;
    this.asked = 0;
    this.looks = LOOKS;
    this.done = [];
    this.button = $('#record');
    this.button.addEventListener('click', () => this.#toggle());
    events
      .on('snapshot', ({ role }) => { if (role === 'host') this.#load(); })
      .on('recording.changed', () => this.#load())
      .on('recording.removed', () => this.#load());
    // Dates have a language too.
    onLanguage(() => this.#showDone());
  }

  /** The room is over: nothing begins any more, what is there can be had. */
  end() {
    this.isOver = true;
    this.#load();
  }

  /** An answer to an older question is dropped. */
  async #load() {
    const question = ++this.asked;
    const list = await attempt(() => listAll(this.room));
    if (!list || question !== this.asked) return;
    const { recordings, allowed } = list;
    this.isAllowed = allowed;
    const running = recordings.find(({ state }) => state === 'recording') ?? null;
    this.#showRunning(running);
    this.done = recordings.filter(({ state }) => state !== 'recording');
    this.#showDone();
    show($('#recordings-section'), (allowed && !this.isOver) || recordings.length > 0);
    if (this.isOver && running) this.#lookAgain();
  }

  /** No event tells of it any more. */
  #lookAgain() {
    if (this.looks === 0) return;
    this.looks -= 1;
    clearTimeout(this.nextLook);
    this.nextLook = setTimeout(() => this.#load(), LOOK_MS);
  }

  #showDone() {
    $('#recordings').replaceChildren(...this.done.map((recording) => this.#entry(recording)));
  }

  #showRunning(recording) {
    this.running = recording;
    clearInterval(this.timer);
    bindText(this.button, recording ? 'record.stop' : 'record.start');
    this.button.className = recording ? 'danger' : '';
    show(this.button, !this.isOver && (this.isAllowed || Boolean(recording)));
    show($('#record-time'), Boolean(recording));
    if (!recording) return;
    const began = Date.now() - recording.duration * 1000;
    const tick = () => bindText($('#record-time'), 'record.running', { time: clock((Date.now() - began) / 1000) });
    this.timer = setInterval(tick, 1000);
    tick();
  }

  async #toggle() {
    const { room, running } = this;
    this.button.disabled = true;
    await attempt(() => (running ? api.stopRecording(room, running.id) : api.startRecording(room)));
    this.button.disabled = false;
    await this.#load();
  }

  #entry(recording) {
    const { id, state, startedAt, duration, bytes, reason } = recording;
    const facts = el('span');
    bindText(facts, 'record.facts', { time: clock(duration), size: (bytes / MEGABYTE).toFixed(1) });
    const words = el('span', { class: 'url', data: { test: 'recording-reason' } });
    if (!PLAIN_ENDS.has(reason)) bindText(words, ...errorKey({ code: reason, message: reason }));
    const action = (key, test, work, className = 'small') =>
      el('button', { type: 'button', class: className, i18n: key, data: { test }, on: { click: work } });
    const hasFile = bytes > 0;
    return el('li', { data: { id, state, test: 'recording' } },
      el('div', { class: 'who' }, el('strong', { text: dateText(startedAt) }), facts, words),
      el('div', { class: 'row wrap' },
        hasFile ? action('record.play', 'recording-play', (event) => this.#play(event, id)) : null,
        hasFile ? action('record.download', 'recording-download', (event) => this.#download(event, id)) : null,
        action('common.remove', 'recording-remove', () => this.#remove(id), 'small danger-text')));
  }

  /** An address of the file for players and downloads, good for ten minutes, or null. */
  async #link(id) {
    const link = await attempt(() => api.linkRecording(this.room, id));
    return link?.url ?? null;
  }

  /** The same; the button waits meanwhile. */
  async #linkBy({ currentTarget: button }, id) {
    button.disabled = true;
    const address = await this.#link(id);
    button.disabled = false;
    return address;
  }

  async #play(event, id) {
    const address = await this.#linkBy(event, id);
    if (!address) return;
    const video = el('video', { class: 'recording-player', src: address, controls: true, autoplay: true });
    this.#keepPlaying(video, id);
    await modal((close) => [
      el('h2', { i18n: 'record.title' }), video,
      el('button', {
        type: 'button', class: 'wide quiet', i18n: 'common.close', data: { test: 'recording-close' },
        on: { click: () => close() },
      }),
    ], { className: 'wide-dialog', test: 'recording-player' });
    video.pause();
    video.removeAttribute('src');
    video.load();
  }

  /** Long films outlive their address: the player goes on with another one where it was. */
  #keepPlaying(video, id) {
    let since = Date.now();
    video.addEventListener('error', async () => {
      if (!video.isConnected || Date.now() - since < FRESH_MS) return;
      since = Date.now();
      const { currentTime, paused } = video;
      const address = await this.#link(id);
      if (!address || !video.isConnected) return;
      video.autoplay = !paused;
      video.src = address;
      video.currentTime = currentTime;
    });
  }

  async #download(event, id) {
    const address = await this.#linkBy(event, id);
    if (address) el('a', { href: address, download: `${id}.mp4` }).click();
  }

  async #remove(id) {
    if (!(await ask('record.remove-question', 'common.remove', 'common.cancel', {}, { danger: true }))) return;
    await attempt(() => api.removeRecording(this.room, id));
    await this.#load();
  }
}

/** All pages of the list, the newest first, and whether this user may record. */
async function listAll(room) {
  const all = [];
  let page = null;
  do {
    page = await api.recordings(room, page?.next);
    all.push(...page.recordings);
  } while (page.next);
  return { recordings: all, allowed: page.allowed };
}
