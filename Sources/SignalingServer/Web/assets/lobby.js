// The lobby: who is live, and a new room.

import { openAccountDialog, startAccountMenu } from './account.js';
import { api } from './api.js';
import { CATEGORIES, fillCategories } from './categories.js';
import { errorText, putError } from './errors.js';
import { currentLanguage, onLanguage, startI18n, t } from './i18n.js';
import { previewOnHover } from './live-preview.js';
import { MyRooms } from './my-rooms.js';
import { roomCard } from './room-card.js';
import { segments } from './segments.js';
import { openSession, savedSession, sessionEvents } from './session.js';
import { $, el, placeIcons, show, toastText } from './ui.js';

const REFRESH_MS = 5000;
const TYPING_MS = 300;

const list = $('#rooms');
const filter = { q: '', sort: 'hottest', category: '' };
let next = null;
let hasMorePages = false;
let asked = 0;
const endPreviews = [];

// The list

function cardEntry(room) {
  const mine = room.hostId === savedSession()?.userId;
  const mark = mine ? el('span', { class: 'badge own-room', text: t('lobby.my-room') }) : null;
  const card = roomCard(room, `/${mine ? 'studio' : 'watch'}/${encodeURIComponent(room.id)}`, mark);
  endPreviews.push(previewOnHover(card, room.id));
  return el('li', {}, card);
}

/** Loads the first page, or appends the next one. An answer to an older question is dropped. */
async function load({ append = false } = {}) {
  const question = ++asked;
  try {
    const page = await api.listRooms({ ...filter, cursor: append ? next : undefined });
    if (question === asked) showPage(page, append);
  } catch (error) {
    if (question !== asked) return;
    if (!append) showFailure();
    else if (error.code === 'room.cursor') load();
    else toastText(errorText(error), 'bad');
  }
}

function showPage(page, append) {
  if (!append) for (const end of endPreviews.splice(0)) end();
  const cards = page.rooms.map(cardEntry);
  if (append) list.append(...cards);
  else list.replaceChildren(...cards);
  next = page.next;
  hasMorePages = append;
  list.setAttribute('aria-busy', 'false');
  show($('#more'), Boolean(next));
  showState(list.childElementCount > 0 ? null : isFiltered() ? 'nothing' : 'empty');
}

function showFailure() {
  showState(list.childElementCount === 0 ? 'failed' : null);
}

function showState(state) {
  for (const name of ['empty', 'nothing', 'failed']) show($(`#rooms-${name}`), name === state);
}

const isFiltered = () => Boolean(filter.q || filter.category);

/** A list the reader has extended stays as it is until he asks for a new one. */
function refreshQuietly() {
  const reading = list.contains(document.activeElement) || list.matches(':has(.live-preview)');
  if (!document.hidden && !hasMorePages && !reading) load();
}

// Filters

function startFilters() {
  const sort = segments($('#sort'), [
    { value: 'hottest', content: 'lobby.hottest' }, { value: 'newest', content: 'lobby.newest' },
  ], (value) => change({ sort: value }), { test: 'sort' });
  const categories = segments($('#categories'), ['', ...CATEGORIES].map((value) => ({
    value, content: value ? `category.${value}` : 'category.all',
  })), (value) => change({ category: value }), { test: 'category', className: 'chip-button' });
  const change = (fields) => {
    Object.assign(filter, fields);
    sort.show(filter.sort);
    categories.show(filter.category);
    load();
  };
  let typing = null;
  $('#search').addEventListener('input', ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ q: target.value.trim() }), TYPING_MS);
  });
  $('#search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    change({ q: $('#search').value.trim() });
  });
  $('#clear').addEventListener('click', () => { $('#search').value = ''; change({ q: '', category: '' }); });
  change({});
}

// Entering and making rooms

async function enterByNumber() {
  const number = $('#enter-number').value.trim();
  if (!number) return $('#enter-number').focus();
  try {
    const room = await api.room(number);
    location.assign(`/watch/${encodeURIComponent(room.id)}`);
  } catch (error) {
    putError($('#enter-error'), error);
  }
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
  if (!name && !savedSession()) return refuse($('#name'), t('error.name-empty'));
  if (!title) return refuse($('#create-title'), t('error.title-empty'));
  const button = $('[data-test=create-room]');
  button.disabled = true;
  try {
    await openSession(name);
    const room = await api.createRoom({
      title, category: $('#create-category').value, layout: $('#create-layout').value, video: videoSettings(),
    });
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

/** Who is signed in needs no name for a new room. */
const showNameField = () => show($('#name-field'), !savedSession());

function translate() {
  document.title = `mixd · ${t('lobby.title')}`;
  fillCategories($('#create-category'));
}

startI18n();
placeIcons();
translate();
const myRooms = new MyRooms();
startAccountMenu(() => { load(); myRooms.load(); });
showNameField();
sessionEvents.addEventListener('change', showNameField);
addEventListener('hashchange', () => { if (location.hash === '#my-rooms') myRooms.load(); });
myRooms.load();
$('#create-form').addEventListener('submit', (event) => { event.preventDefault(); createRoom(); });
$('#enter-form').addEventListener('submit', (event) => { event.preventDefault(); enterByNumber(); });
$('#refresh').addEventListener('click', () => load());
$('#retry').addEventListener('click', () => load());
$('#more').addEventListener('click', () => load({ append: true }));
onLanguage(() => { translate(); load(); myRooms.load(); });
document.documentElement.dataset.ready = currentLanguage();
startFilters();
setInterval(refreshQuietly, REFRESH_MS);
addEventListener('pageshow', ({ persisted }) => { if (persisted) { load(); myRooms.load(); } });
if (location.hash === '#sign-in' && !savedSession()) openAccountDialog();
