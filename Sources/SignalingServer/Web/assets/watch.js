// The audience's page: the programme, chat, likes, gifts, and the way to the stage.

import { startAccountMenu } from './account.js';
import { api } from './api.js';
import { Cohost } from './cohost.js';
import { obstacleKey } from './errors.js';
import { bindText, onLanguage, plainText, startI18n, t } from './i18n.js';
import { ManagePanel } from './manage-panel.js';
import { Program } from './program.js';
import { roomCard } from './room-card.js';
import { roomInAddress, RoomView } from './room-view.js';
import { SeatStrip } from './seats.js';
import { openSession, savedSession } from './session.js';
import { $, avatar, el, placeIcons, show, toast, toastText } from './ui.js';

const MAX_OTHERS = 4;

/** Milliseconds a host may be away until his show counts as over; a page that he loads again takes less. */
const ABSENCE = 5000;

/** What the end of watching is called, by the code that ended it. */
const ENDINGS = {
  'room.unknown': 'watch.missing', 'room.user-banned': 'watch.banned', 'room.banned': 'error.room.banned',
  'auth.banned': 'error.auth.banned', 'auth.invalid': 'watch.signed-out',
};

class Watch {
  constructor(room, session) {
    this.view = new RoomView(room, session, { audience: true });
    const { events, roster } = this.view;
    this.cohost = new Cohost({ room, me: session.userId, view: this.view });
    this.seats = new SeatStrip({ list: $('#seats'), events, roster });
    this.manage = new ManagePanel({ room, view: this.view, seats: this.seats });
    this.program = new Program({
      room, element: $('#program'), button: $('#toggle-sound'),
      labels: ['watch.mute', 'watch.sound'], invite: $('#unmute'),
    });
    Object.assign(this, { room, me: session.userId });
    this.wasLive = false;
    this.isMissed = false;
    this.absence = null;
    this.onStage = false;
    this.isSilent = false;
    this.#wire();
  }

  open(info) {
    this.#showRoom(info);
    if (this.over) return;
    this.view.events.open();
    this.program.start();
  }

  #wire() {
    this.view.events
      .on('snapshot', ({ room, role, userId }) => {
        this.#showRoom(room);
        // The server did not know this guest any more, and he became another one.
        if (userId !== this.me && userId === savedSession()?.userId) location.reload();
        if (role === 'host') location.replace(`/studio/${encodeURIComponent(this.room)}`);
      })
      .on('room.updated', ({ room }) => this.#showRoom(room))
      .on('room.warned', ({ text }) => this.view.tell('studio.warned', { text }))
      .on('room.ended', ({ room }) => this.#ended(endingOf(room)))
      .on('member.banned', ({ userId, reason }) => { if (userId === this.me) this.banReason = reason; })
      .on('refused', (error) => this.#refused(error));
    this.program.addEventListener('state', () => this.#showState());
    this.program.addEventListener('first-picture', () => this.#showState());
    this.program.addEventListener('refused', ({ detail }) => this.#refused(detail));
    this.cohost.addEventListener('phase', () => this.#stageChanged());
    $('#fullscreen').addEventListener('click', () => this.#fullscreen());
    $('#gift').addEventListener('click', () => this.view.gifts.open());
    $('#share').addEventListener('click', () => this.#share());
    addEventListener('pagehide', () => this.#close());
    addEventListener('pageshow', ({ persisted }) => { if (persisted) this.#comeBack(); });
  }

  #showRoom(info) {
    this.info = info;
    this.wasLive = Boolean(info.startedAt);
    plainText($('#host-name'), info.hostName);
    $('#host-avatar').replaceChildren(avatar(info.hostName));
    this.titlePage();
    this.#showState();
    if (info.status === 'ended') this.#ended(endingOf(info));
  }

  titlePage() {
    document.title = `${this.info.title} · mixd`;
  }

  #showState() {
    if (this.over) return;
    const live = this.info?.status === 'live';
    this.#noticeAbsence(this.wasLive && !live);
    const key = this.#stateKey(live);
    show($('#live-badge'), live);
    show($('#state'), Boolean(key));
    if (key === 'watch.reconnecting') bindText($('#state'), ...obstacleKey(this.program, key));
    else if (key) bindText($('#state'), key);
    $('#player').dataset.state = this.isMissed ? 'ended' : key?.split('.')[1] ?? 'playing';
  }

  /** Without its host a show is over for the audience; all stays connected, for he may come back to it. */
  #noticeAbsence(isAway) {
    if (isAway) {
      this.absence ??= setTimeout(() => this.#miss(true), ABSENCE);
      return;
    }
    clearTimeout(this.absence);
    this.absence = null;
    if (this.isMissed) this.#miss(false);
  }

  #miss(isMissed) {
    if (this.over) return;
    this.isMissed = isMissed;
    if (isMissed) showEnd('watch.ended', { mayGoOn: true });
    else hideEnd();
    this.#showState();
  }

  #stateKey(live) {
    if (this.program.state === 'reconnecting') return 'watch.reconnecting';
    if (!live) return this.wasLive ? 'watch.away' : 'watch.waiting';
    return $('#program').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? null : 'watch.loading';
  }

  /** On stage the delayed programme gives way to the others' direct media; the own sound never comes back. */
  #stageChanged() {
    const { phase } = this.cohost;
    // Until then all is as before.
    if (phase === 'joining') return;
    const onStage = phase === 'onstage';
    if (onStage !== this.onStage) {
      this.onStage = onStage;
      show($('#player'), !onStage);
      if (onStage) this.program.stop();
      else if (!this.over) this.program.start();
    }
    // On stage by another page, that one is where he hears the others.
    this.#silence(onStage || phase === 'elsewhere');
  }

  /** The sound comes back as it was before. */
  #silence(isSilent) {
    if (isSilent && !this.isSilent) this.wasMuted = $('#program').muted;
    if (isSilent) this.program.setSound(false);
    else if (this.isSilent && !this.wasMuted) this.program.setSound(true);
    this.isSilent = isSilent;
  }

  /** Whoever banned him may have said why. */
  #refused({ code }) {
    const reason = code === 'room.user-banned' && this.banReason;
    if (reason) this.#ended('watch.banned-because', { reason });
    else this.#ended(ENDINGS[code] ?? 'watch.ended');
  }

  #ended(key, params = {}) {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.absence);
    this.cohost.close();
    this.manage.close();
    this.#close();
    show($('#player'), true);
    showEnd(key, { params });
  }

  #close() {
    this.program.stop();
    this.view.events.close();
  }

  /** From the back/forward cache: everything was closed when the page was left. */
  #comeBack() {
    if (this.over) return;
    this.cohost.comeBack();
    this.view.events.open();
    if (this.program.state === 'closed') this.program.start();
  }

  #fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else $('#player').requestFullscreen?.();
  }

  async #share() {
    const address = `${location.origin}/watch/${encodeURIComponent(this.room)}`;
    try {
      if (navigator.share) await navigator.share({ title: this.info.title, url: address });
      else {
        await navigator.clipboard.writeText(address);
        toast('studio.shared');
      }
    } catch (error) {
      if (error.name !== 'AbortError') toastText(address);
    }
  }
}

const endingOf = ({ endReason }) => (endReason === 'operator' ? 'watch.closed' : 'watch.ended');

function showEnd(key, { params = {}, mayGoOn = false } = {}) {
  bindText($('#ended-text'), key, params);
  bindText($('#ended-hint'), mayGoOn ? 'watch.may-go-on' : 'watch.ended-hint');
  show($('#ended-hint'), key === 'watch.ended');
  document.body.classList.toggle('over', !mayGoOn);
  document.body.classList.toggle('missing', key === 'watch.missing');
  show($('#ended'), true);
  $('#player').dataset.state = 'ended';
  recommend();
}

function hideEnd() {
  show($('#ended'), false);
  show($('#others'), false);
}

/** What else is on. */
async function recommend() {
  const { rooms } = await api.listRooms({ sort: 'hottest', limit: MAX_OTHERS + 1 }).catch(() => ({ rooms: [] }));
  const cards = rooms.filter(({ id }) => id !== room).slice(0, MAX_OTHERS)
    .map((other) => el('li', {}, roomCard(other, `/watch/${encodeURIComponent(other.id)}`)));
  $('#other-rooms').replaceChildren(...cards);
  show($('#others'), cards.length > 0);
}

const guestName = () => t('common.guest', { number: String(Math.floor(1000 + Math.random() * 9000)) });

startI18n();
placeIcons();
let watch = null;
startAccountMenu(undefined, { isBusy: () => watch?.onStage });
document.title = 'mixd';
bindText($('#state'), 'watch.loading');
const room = roomInAddress();
try {
  const info = await api.room(room);
  watch = new Watch(room, await openSession(guestName()));
  onLanguage(() => { watch.titlePage(); if (watch.over || watch.isMissed) recommend(); });
  watch.open(info);
} catch (error) {
  showEnd(ENDINGS[error.code] ?? 'error.network');
  onLanguage(recommend);
}
