// The host's page: prepare, go live, answer applicants, choose the layout, push, end.

import { api, openSession, savedSession } from './api.js';
import { Applicants } from './applicants.js';
import { Capture } from './capture.js';
import { ChatPanel } from './chat.js';
import { errorText } from './errors.js';
import { RoomEvents } from './events.js';
import { bindText, onLanguage, plainText, startI18n, t } from './i18n.js';
import { LayoutSwitch } from './layouts.js';
import { Outputs } from './outputs.js';
import { Program } from './program.js';
import { Roster } from './roster.js';
import { StageView } from './stage.js';
import { $, ask, clock, placeIcons, setToggle, show, toast, toastText } from './ui.js';
import { Publisher } from './whip.js';

const STATS_MS = 2000;
const COUNTDOWN_STORE = 'mixd.countdown';

class Studio {
  constructor(roomId, session) {
    this.roomId = roomId;
    this.session = session;
    this.capture = new Capture();
    this.events = new RoomEvents(roomId, session.token);
    this.roster = new Roster(this.events);
    this.applicants = new Applicants(this.events, (application, answer) => this.#answer(application, answer));
    this.outputs = new Outputs(this.events, roomId);
    this.layouts = new LayoutSwitch(this.events, (name) => this.#attempt(() => api.setLayout(roomId, name)));
    this.chat = new ChatPanel($('#chat'), this.events, {
      me: session.userId, onInvite: (userId, name) => this.#invite(userId, name),
    });
    this.stage = new StageView({
      list: $('#stage'), room: roomId, token: session.token, me: session.userId,
      onMute: ({ userId, muted }) => this.#attempt(() => api.setParticipant(roomId, userId, { muted: !muted })),
      onRemove: (participant) => this.#remove(participant),
    });
    this.program = new Program({
      room: roomId, token: session.token, element: $('#program'), button: $('#toggle-sound'),
      labels: ['studio.program-sound-on', 'studio.program-sound-off'],
    });
    this.phase = 'idle';
    this.programWanted = true;
    this.#wire();
  }

  async open() {
    this.events.open();
    await this.#openPreview();
  }

  #wire() {
    this.events
      .on('snapshot', (snapshot) => this.#enter(snapshot))
      .on('video.wanted', ({ video }) => this.publisher?.obey(video))
      .on('down', () => this.publisher?.loseContact())
      .on('room.updated', ({ room }) => this.#showRoom(room))
      .on('viewer.count', ({ viewers }) => this.#showViewers(viewers))
      .on('room.ended', () => this.#ended())
      .on('refused', (error) => this.#refused(error));
    this.roster.addEventListener('change', () => { this.#tellCamera(); this.#showStage(); });
    this.capture.addEventListener('track', ({ detail }) => {
      this.publisher?.replaceTrack(detail);
      this.#showStage();
    });
    this.capture.addEventListener('toggle', () => { this.#tellCamera(); this.#showStage(); });
    this.capture.addEventListener('trouble', ({ detail }) => this.#notice(errorText(detail)));
    this.program.addEventListener('first-picture', () => this.#showPicture());
    $('#go-live').addEventListener('click', () => this.#goLive());
    $('#end-live').addEventListener('click', () => this.#confirmEnd());
    $('#toggle-program').addEventListener('click', () => this.#toggleProgram());
    $('#share').addEventListener('click', () => this.#share());
    $('#use-countdown').checked = localStorage.getItem(COUNTDOWN_STORE) !== 'off';
    $('#use-countdown').addEventListener('change', ({ target }) => {
      localStorage.setItem(COUNTDOWN_STORE, target.checked ? 'on' : 'off');
    });
    addEventListener('pagehide', () => this.#close());
    addEventListener('beforeunload', (event) => { if (this.phase === 'live') event.preventDefault(); });
  }

  // The room

  #enter({ room, role, video }) {
    if (video) this.publisher?.obey(video);
    if (role !== 'host') {
      this.#close();
      location.replace(`/watch/${encodeURIComponent(this.roomId)}`);
      return;
    }
    this.#showRoom(room);
    this.#showViewers(room.viewers);
    $('#go-live').disabled = false;
  }

  #showRoom(room) {
    plainText($('#room-title'), room.title);
    this.title = room.title;
    $('#player').classList.toggle('portrait', room.video.height > room.video.width);
    titlePage(room.title);
  }

  #showViewers(count) {
    bindText($('#viewers'), 'stats.viewers', { count });
    show($('#viewers'), true);
  }

  #refused(error) {
    if (error.code === 'room.ended') this.#ended();
    else this.#notice(errorText(error));
  }

  // Going live

  async #openPreview() {
    this.#setPhase('permission');
    try {
      await this.capture.open();
      this.#notice(null);
      this.#setPhase('preview');
      return true;
    } catch (error) {
      this.#notice(errorText(error));
      this.#setPhase('idle');
      return false;
    }
  }

  async #goLive() {
    if (this.publisher || this.phase === 'countdown') return;
    if (!this.capture.stream && !(await this.#openPreview())) return;
    if ($('#use-countdown').checked) await this.#countDown();
    this.#setPhase('connecting');
    const { choice, stream } = this.capture;
    const { token } = this.session;
    this.publisher = new Publisher({ room: this.roomId, token, stream, height: choice.height });
    this.publisher.addEventListener('state', () => this.#publisherChanged());
    this.publisher.addEventListener('refused', ({ detail }) => this.#publishRefused(detail));
    this.publisher.start();
  }

  async #countDown() {
    this.#setPhase('countdown');
    show($('#countdown'), true);
    let skipped = false;
    $('#countdown-skip').onclick = () => { skipped = true; };
    $('#countdown-skip').focus();
    for (let tenth = 30; tenth > 0 && !skipped; tenth -= 1) {
      $('#countdown-number').textContent = Math.ceil(tenth / 10);
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    show($('#countdown'), false);
  }

  #publisherChanged() {
    const { state } = this.publisher;
    if (state === 'connected') {
      this.liveSince ??= Date.now();
      this.#setPhase('live');
      if (this.programWanted && !this.program.pc) this.program.start();
    } else if (state === 'reconnecting') {
      this.#setPhase('reconnecting');
    }
  }

  #publishRefused(error) {
    this.publisher = null;
    this.#notice(error.code === 'room.ended' ? errorText(error) : `${t('state.failed')} (${errorText(error)})`);
    this.#setPhase('preview');
  }

  /** A camera that is off is told to the room, so that the programme shows a placeholder and not black. */
  #tellCamera() {
    const camera = this.capture.on.video;
    const own = this.roster.get(this.session.userId);
    if (own && own.camera !== camera) this.#attempt(() => api.setParticipant(this.roomId, own.userId, { camera }));
  }

  async #confirmEnd() {
    if (!(await ask('studio.end-question', 'studio.end', 'studio.stay'))) return;
    if (await this.#attempt(() => api.endRoom(this.roomId))) this.#ended();
  }

  #ended() {
    if (this.phase === 'ended') return;
    this.#close();
    this.roster.clear();
    this.capture.close();
    this.#setPhase('ended');
    this.#notice(null);
    this.#showSummary();
  }

  #showSummary() {
    const over = ['#controls', '#layout-section', '#push-section', '#applicants-section', '#state', '#viewers'];
    for (const section of over) show($(section), false);
    if (this.liveSince) {
      bindText($('#ended-summary'), 'studio.summary', { time: clock((Date.now() - this.liveSince) / 1000) });
    }
    show($('#ended'), true);
  }

  #close() {
    this.publisher?.stop();
    this.publisher = null;
    this.program.stop();
    this.stage.clear();
    this.events.close();
  }

  // What is shown

  #setPhase(phase) {
    this.phase = phase;
    const onAir = phase === 'live' || phase === 'reconnecting';
    $('#player').dataset.state = phase;
    bindText($('#state'), `state.${phase === 'countdown' ? 'preview' : phase}`);
    show($('#state'), phase !== 'live');
    show($('#live-badge'), phase === 'live');
    show($('#go-live'), !onAir && phase !== 'ended');
    $('#go-live').disabled ||= phase === 'connecting';
    if (phase === 'preview' || phase === 'idle') $('#go-live').disabled = !this.title;
    show($('#setup'), phase !== 'ended');
    show($('#countdown-choice'), !onAir);
    if (phase === 'live') this.#foldSetup();
    for (const node of document.querySelectorAll('.live-only')) show(node, onAir);
    show($('#stage-section'), onAir);
    this.#showPicture();
    this.#showProgramToggle();
    this.#runStats(onAir);
    this.#showStage();
  }

  /** Once on air the devices are rarely needed; the host may unfold them again. */
  #foldSetup() {
    if (this.folded) return;
    this.folded = true;
    $('#setup').open = false;
    bindText($('#setup-title'), 'device.title');
  }

  /** The programme as soon as it plays, the own camera until then. */
  #showPicture() {
    const program = this.program.pc !== null && $('#program').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    show($('#program'), program);
    show($('#preview'), !program);
  }

  #toggleProgram() {
    this.programWanted = !this.programWanted;
    if (this.programWanted) this.program.start();
    else this.program.stop();
    this.#showPicture();
    this.#showProgramToggle();
  }

  #showProgramToggle() {
    setToggle($('#toggle-program'), this.programWanted,
      ['eye', 'studio.program-hide'], ['eye-off', 'studio.program-show']);
    $('#toggle-sound').disabled = !this.programWanted;
  }

  #showStage() {
    const onAir = this.phase === 'live' || this.phase === 'reconnecting';
    if (onAir) this.stage.update(this.roster.all, this.capture.stream);
    else this.stage.clear();
  }

  #runStats(on) {
    clearInterval(this.clockTimer);
    clearInterval(this.statsTimer);
    show($('#stats'), on);
    if (!on) return;
    const tick = () => { $('#live-time').textContent = clock((Date.now() - this.liveSince) / 1000); };
    this.clockTimer = setInterval(tick, 1000);
    this.statsTimer = setInterval(() => this.#loadStats(), STATS_MS);
    tick();
    this.#loadStats();
  }

  async #loadStats() {
    try {
      const { latency, framesComposed, ticksMissed } = await api.stats(this.roomId);
      const { p50, p95 } = latency.mix ?? {};
      const times = p50 === undefined
        ? t('stats.waiting') : t('stats.latency', { p50: p50.toFixed(1), p95: p95.toFixed(1) });
      $('#stats').textContent = `${times} · ${t('stats.frames', { frames: framesComposed, missed: ticksMissed })}`;
    } catch {
      // The next round tries again; the line keeps what it showed.
    }
  }

  #notice(text) {
    $('#notice').textContent = text ?? '';
    show($('#notice'), Boolean(text));
  }

  // Co-hosts

  async #answer(application, answer) {
    return this.#attempt(() => api.answerApplication(this.roomId, application.id, answer));
  }

  async #invite(userId, name) {
    if (!(await ask('chat.invite-question', 'chat.invite-yes', 'common.cancel', { name }))) return;
    await this.#attempt(() => api.invite(this.roomId, userId));
  }

  async #remove({ userId, name }) {
    if (!(await ask('stage.remove-question', 'stage.remove', 'common.cancel', { name }))) return;
    await this.#attempt(() => api.removeParticipant(this.roomId, userId));
  }

  async #share() {
    const address = `${location.origin}/watch/${encodeURIComponent(this.roomId)}`;
    try {
      await navigator.clipboard.writeText(address);
      toast('studio.shared');
    } catch {
      toastText(address);
    }
  }

  /** Whether it worked; a refusal is shown. */
  async #attempt(work) {
    try {
      await work();
      return true;
    } catch (error) {
      toastText(errorText(error), 'bad');
      return false;
    }
  }
}

function titlePage(title) {
  document.title = `${title ? `${title} · ` : ''}${t('studio.title')} · mixd`;
}

startI18n();
placeIcons();
titlePage();
const roomId = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const session = savedSession();
if (!roomId) {
  location.replace('/');
} else if (!session) {
  location.replace(`/watch/${encodeURIComponent(roomId)}`);
} else {
  const studio = new Studio(roomId, await openSession(session.name));
  onLanguage(() => titlePage(studio.title));
  studio.open();
}
