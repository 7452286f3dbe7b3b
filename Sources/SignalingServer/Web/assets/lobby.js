// The lobby: who is live, and a new room.

import { api, openSession, savedSession } from './api.js';
import { errorText } from './errors.js';
import { currentLanguage, onLanguage, startI18n, t } from './i18n.js';
import { $, el, hue, icon, initial, placeIcons, show } from './ui.js';

const REFRESH_MS = 5000;

const list = $('#rooms');
const form = $('#create-form');
let next = null;
let hasMorePages = false;

function roomCard(room) {
  const mine = room.hostId === savedSession()?.userId;
  const cover = el('div', { class: 'cover', text: initial(room.hostName), attrs: { 'aria-hidden': 'true' } });
  cover.style.setProperty('--hue', hue(room.hostName));
  cover.append(
    el('span', { class: 'badge live', text: t('state.live') }),
    el('span', { class: 'badge viewers' }, icon('eye'), String(room.viewers)));
  const people = room.participants > 1 ? ` · ${t('lobby.onstage', { count: room.participants })}` : '';
  const viewers = t('lobby.viewers', { count: room.viewers });
  const label = `${t('lobby.enter', { title: room.title })} · ${room.hostName} · ${viewers}`;
  return el('li', {},
    el('a', {
      class: 'card',
      href: `/${mine ? 'studio' : 'watch'}/${encodeURIComponent(room.id)}`,
      data: { test: 'room', room: room.id },
      attrs: { 'aria-label': label },
    },
    cover,
    el('div', { class: 'facts' },
      el('span', { class: 'name', text: room.title }),
      el('span', { class: 'by', text: `${room.hostName}${people}` }),
      mine ? el('span', { class: 'badge own-room', text: t('lobby.my-room') }) : null)));
}

/** Loads the first page, or appends the next one. */
async function load({ append = false } = {}) {
  try {
    const page = await api.listRooms({ cursor: append ? next : undefined });
    const cards = page.rooms.map(roomCard);
    if (append) list.append(...cards);
    else list.replaceChildren(...cards);
    next = page.next;
    hasMorePages = append;
    show($('#more'), Boolean(next));
    show($('#rooms-empty'), list.childElementCount === 0);
    show($('#rooms-failed'), false);
  } catch {
    show($('#rooms-failed'), list.childElementCount === 0);
    show($('#rooms-empty'), false);
  }
}

/** A list the reader has extended stays as it is until he asks for a new one. */
function refreshQuietly() {
  const reading = list.contains(document.activeElement);
  if (!document.hidden && !hasMorePages && !reading) load();
}

function refuse(input, text) {
  $('#create-error').textContent = text;
  show($('#create-error'), true);
  input?.focus();
}

async function createRoom() {
  const name = $('#name').value.trim();
  const title = $('#create-title').value.trim();
  show($('#create-error'), false);
  if (!name) return refuse($('#name'), t('error.name-empty'));
  if (!title) return refuse($('#create-title'), t('error.title-empty'));
  const button = $('[data-test=create-room]');
  button.disabled = true;
  try {
    await openSession(name);
    const room = await api.createRoom({ title, layout: $('#create-layout').value, video: videoSettings() });
    location.assign(`/studio/${encodeURIComponent(room.id)}`);
  } catch (error) {
    refuse(null, t('error.create', { reason: errorText(error) }));
    button.disabled = false;
  }
}

function videoSettings() {
  const portrait = $('#create-orientation').value === 'portrait';
  const [width, height] = portrait ? [720, 1280] : [1280, 720];
  return { width, height, frameRate: Number($('#create-frame-rate').value) };
}

startI18n();
placeIcons();
$('#name').value = savedSession()?.name ?? '';
form.addEventListener('submit', (event) => { event.preventDefault(); createRoom(); });
$('#refresh').addEventListener('click', () => load());
$('#more').addEventListener('click', () => load({ append: true }));
const titlePage = () => { document.title = `mixd · ${t('lobby.title')}`; };
titlePage();
onLanguage(() => { titlePage(); load(); });
document.documentElement.dataset.ready = currentLanguage();
load();
setInterval(refreshQuietly, REFRESH_MS);
