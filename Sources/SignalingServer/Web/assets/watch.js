// The audience's page: the programme, chat, and the way to the stage.

import { api, openSession, savedSession } from './api.js';
import { ChatPanel } from './chat.js';
import { Cohost } from './cohost.js';
import { RoomEvents } from './events.js';
import { bindText, onLanguage, plainText, startI18n, t } from './i18n.js';
import { Program } from './program.js';
import { Roster } from './roster.js';
import { $, avatar, placeIcons, show } from './ui.js';

class Watch {
  constructor(roomId, session) {
    this.events = new RoomEvents(roomId, session.token);
    this.roster = new Roster(this.events);
    this.chat = new ChatPanel($('#chat'), this.events, { me: session.userId });
    this.cohost = new Cohost({ room: roomId, session, events: this.events, roster: this.roster });
    this.program = new Program({
      room: roomId, token: session.token, element: $('#program'), button: $('#toggle-sound'),
      labels: ['watch.mute', 'watch.sound'], invite: $('#unmute'),
    });
    this.wasLive = false;
    this.onStage = false;
    this.#wire();
  }

  open(room) {
    this.#showRoom(room);
    this.events.open();
    this.program.start();
  }

  #wire() {
    this.events
      .on('snapshot', ({ room }) => { this.#showRoom(room); this.#showViewers(room.viewers); })
      .on('room.updated', ({ room }) => this.#showRoom(room))
      .on('viewer.count', ({ viewers }) => this.#showViewers(viewers))
      .on('room.ended', () => this.#ended('watch.ended'))
      .on('refused', ({ code }) => this.#ended(code === 'room.unknown' ? 'watch.missing' : 'watch.ended'));
    this.program.addEventListener('state', () => this.#showState());
    this.program.addEventListener('first-picture', () => this.#showState());
    this.program.addEventListener('refused', ({ detail }) => {
      this.#ended(detail.code === 'room.unknown' ? 'watch.missing' : 'watch.ended');
    });
    this.cohost.addEventListener('phase', () => this.#stageChanged());
    $('#fullscreen').addEventListener('click', () => this.#fullscreen());
    addEventListener('pagehide', () => this.#close());
  }

  #showRoom(room) {
    this.room = room;
    this.wasLive ||= room.status === 'live';
    plainText($('#room-title'), room.title);
    plainText($('#host-name'), room.hostName);
    $('#host-avatar').replaceChildren(avatar(room.hostName));
    $('#player').classList.toggle('portrait', room.video.height > room.video.width);
    titlePage(room.title);
    this.#showState();
    if (room.status === 'ended') this.#ended('watch.ended');
  }

  #showViewers(count) {
    bindText($('#viewers'), 'stats.viewers', { count });
    show($('#viewers'), true);
  }

  #showState() {
    if (this.over) return;
    const live = this.room?.status === 'live';
    const key = this.#stateKey(live);
    show($('#live-badge'), live);
    show($('#state'), Boolean(key));
    if (key) bindText($('#state'), key);
    $('#player').dataset.state = key?.split('.')[1] ?? 'playing';
  }

  #stateKey(live) {
    if (this.program.state === 'reconnecting') return 'watch.reconnecting';
    if (!live) return this.wasLive ? 'watch.away' : 'watch.waiting';
    return $('#program').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? null : 'watch.loading';
  }

  /** On stage the delayed programme gives way to the others' direct media; the own sound never comes back. */
  #stageChanged() {
    const onStage = this.cohost.phase === 'onstage';
    if (onStage === this.onStage) return;
    this.onStage = onStage;
    show($('#player'), !onStage);
    if (onStage) {
      this.wasMuted = $('#program').muted;
      this.program.setSound(false);
      this.program.stop();
    } else if (!this.over) {
      this.program.start();
      this.program.setSound(!this.wasMuted);
    }
  }

  #ended(key) {
    if (this.over) return;
    this.over = true;
    this.cohost.close();
    this.#close();
    show($('#state'), false);
    show($('#live-badge'), false);
    show($('#unmute'), false);
    show($('#player'), true);
    bindText($('#ended-text'), key);
    show($('#ended'), true);
    $('#player').dataset.state = 'ended';
  }

  #close() {
    this.program.stop();
    this.events.close();
  }

  #fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else $('#player').requestFullscreen?.();
  }
}

function titlePage(title) {
  document.title = title ? `${title} · mixd` : 'mixd';
}

const guestName = () => t('common.guest', { number: String(Math.floor(1000 + Math.random() * 9000)) });

function showMissing(error) {
  bindText($('#ended-text'), error.code === 'room.unknown' ? 'watch.missing' : 'error.network');
  show($('#ended'), true);
  $('#player').dataset.state = 'ended';
}

startI18n();
placeIcons();
titlePage();
bindText($('#state'), 'watch.loading');
const roomId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
try {
  const room = await api.room(roomId);
  const watch = new Watch(roomId, await openSession(savedSession()?.name ?? guestName()));
  onLanguage(() => titlePage(watch.room?.title));
  watch.open(room);
} catch (error) {
  showMissing(error);
}
