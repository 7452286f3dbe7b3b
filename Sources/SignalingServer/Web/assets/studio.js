// The host's page: prepare, go live, answer applicants, meet other hosts, push, end.

import { startAccountMenu } from './account.js';
import { api } from './api.js';
import { Applicants } from './applicants.js';
import { AudienceList } from './audience.js';
import { Broadcast } from './broadcast.js';
import { ask } from './dialogs.js';
import { attempt, errorKey } from './errors.js';
import { bindText, onLanguage, startI18n, t } from './i18n.js';
import { LayoutSwitch } from './layouts.js';
import { LinkPanel } from './link-panel.js';
import { Outputs } from './outputs.js';
import { kick } from './person-menu.js';
import { Program } from './program.js';
import { Recordings } from './recordings.js';
import { RoomDetails } from './room-details.js';
import { RoomRules } from './room-rules.js';
import { roomInAddress, RoomView } from './room-view.js';
import { SeatStrip } from './seats.js';
import { SentInvitations } from './sent-invitations.js';
import { openSession, savedSession } from './session.js';
import { ShowFigures } from './show-figures.js';
import { linkedHosts, StageView } from './stage.js';
import { showSummary, Statistics } from './studio-statistics.js';
import { Tabs } from './tabs.js';
import { $, placeIcons, setToggle, show, toast, toastText } from './ui.js';

class Studio {
  constructor(room, session) {
    this.room = room;
    this.me = session.userId;
    this.view = new RoomView(room, session);
    this.tabs = new Tabs($('#tabs'));
    this.broadcast = new Broadcast(room);
    this.figures = new ShowFigures(room, this.view.events);
    this.statistics = new Statistics(room, this.figures);
    this.programWanted = true;
    this.entered = false;
    const { events, link, roster } = this.view;
    this.applicants = new Applicants(events, (application, answer, body) => (
      attempt(() => api.answerApplication(room, application.id, answer, body))));
    this.invitations = new SentInvitations({ box: $('#sent-invitations'), room, me: this.me, events });
    this.outputs = new Outputs(events, room);
    this.recordings = new Recordings(events, room);
    this.layouts = new LayoutSwitch(events, link, (name) => attempt(() => api.setLayout(room, name)));
    this.links = new LinkPanel({ room, events, state: link });
    this.details = new RoomDetails(room, events);
    const { standing, members } = this.view;
    this.rules = new RoomRules({ room, events, standing, members, isHost: true });
    this.audience = new AudienceList({
      panel: $('#panel-audience'), tab: $('#tab-audience'), room, events, standing, menu: this.view.menu,
    });
    this.seats = new SeatStrip({
      list: $('#seats'), events, roster, isUseful: ({ index, state }) => index > 0 && state !== 'taken',
      onPick: ({ index, state }) => attempt(() => api.setSeat(room, index, state !== 'locked')),
    });
    this.stage = this.#stageView();
    this.program = new Program({
      room, element: $('#program'), button: $('#toggle-sound'),
      labels: ['studio.program-sound-on', 'studio.program-sound-off'],
    });
    this.#wire();
    this.#showPhase();
  }

  /** Nobody is asked for his camera in a room that is over, or another's. */
  async open() {
    const info = await api.room(this.room).catch(() => null);
    if (info && info.hostId !== this.me) return this.#leave();
    if (info?.status === 'ended') return this.#ended(info);
    this.view.events.open();
    await this.broadcast.openPreview();
  }

  #stageView() {
    const change = (user, controls) => attempt(() => api.setParticipant(this.room, user, controls));
    return new StageView({
      list: $('#stage'), room: this.room, me: this.me,
      onMute: ({ userId, muted }) => change(userId, { muted: !muted }),
      onCamera: ({ userId, camera }) => change(userId, { camera: !camera }),
      onRemove: (participant) => attempt(() => kick(this.room, participant)),
    });
  }

  #wire() {
    const { broadcast, view } = this;
    view.events
      .on('snapshot', (snapshot) => this.#enter(snapshot))
      .on('video.wanted', ({ video }) => broadcast.publisher?.obey(video))
      .on('session.replaced', ({ id }) => broadcast.publisher?.giveWay(id))
      .on('down', () => broadcast.publisher?.loseContact())
      .on('room.updated', () => this.#titlePage())
      .on('room.warned', ({ text }) => this.#notice(['studio.warned', { text }]))
      .on('room.ended', ({ room }) => this.#ended(room))
      .on('refused', (error) => (error.code === 'room.ended' ? this.#ended() : this.#notice(errorKey(error))));
    view.roster.addEventListener('change', () => { this.#tellCamera(); this.#showStage(); });
    view.link.addEventListener('change', () => this.#showStage());
    broadcast.addEventListener('change', () => { this.#tellCamera(); this.#showStage(); });
    broadcast.addEventListener('trouble', ({ detail }) => this.#notice(detail));
    broadcast.addEventListener('phase', () => this.#showPhase());
    this.program.addEventListener('first-picture', () => this.#showPicture());
    $('#go-live').addEventListener('click', () => broadcast.goLive());
    $('#end-live').addEventListener('click', () => this.#confirmEnd());
    $('#toggle-program').addEventListener('click', () => this.#toggleProgram());
    $('#share').addEventListener('click', () => this.#share());
    addEventListener('pagehide', () => this.#close());
    // Shown again from the back/forward cache: what was closed is opened by opening the page.
    addEventListener('pageshow', ({ persisted }) => { if (persisted) location.reload(); });
    addEventListener('beforeunload', (event) => { if (broadcast.isSending) event.preventDefault(); });
  }

  // The room

  #enter({ role, video }) {
    if (video) this.broadcast.publisher?.obey(video);
    if (role !== 'host') return this.#leave();
    this.entered = true;
    this.#titlePage();
    this.#showPhase();
  }

  /** This is somebody else's room. */
  #leave() {
    this.#close();
    location.replace(`/watch/${encodeURIComponent(this.room)}`);
  }

  #titlePage() {
    this.view.titlePage(t('studio.title'));
  }

  /** A camera that is off is told to the room, so that the programme shows a placeholder and not black. */
  #tellCamera() {
    if (!this.broadcast.publisher) return;
    const camera = this.broadcast.capture.showsVideo;
    const own = this.view.roster.get(this.me);
    if (own && own.camera !== camera) attempt(() => api.setParticipant(this.room, this.me, { camera }));
  }

  async #confirmEnd() {
    const texts = this.broadcast.isOnAir
      ? ['studio.end-question', 'studio.end', 'studio.stay']
      : ['studio.close-question', 'studio.close', 'common.cancel'];
    if (!(await ask(...texts, {}, { danger: true }))) return;
    if (await attempt(() => api.endRoom(this.room))) this.#ended();
  }

  async #ended(room = null) {
    if (this.broadcast.phase === 'ended') return;
    this.#close();
    this.view.roster.clear();
    this.broadcast.end();
    const last = room ?? await api.room(this.room).catch(() => this.view.info);
    if (!last) return;
    this.view.showRoom(last);
    this.#titlePage();
    showSummary(last, this.figures);
    this.recordings.end();
    this.figures.forget();
  }

  #close() {
    this.broadcast.stop();
    this.program.stop();
    this.stage.clear();
    this.view.events.close();
  }

  // What is shown

  #showPhase() {
    const { phase, isOnAir } = this.broadcast;
    $('#player').dataset.state = phase;
    bindText($('#state'), ...this.broadcast.words);
    show($('#state'), phase !== 'live' && phase !== 'ended');
    show($('#live-badge'), phase === 'live');
    show($('#go-live'), !isOnAir && phase !== 'ended');
    bindText($('#go-live span'), phase === 'elsewhere' ? 'studio.take-over' : 'studio.go-live');
    $('#go-live').disabled = !this.entered || phase === 'connecting' || phase === 'permission';
    show($('#end-live'), this.entered && phase !== 'ended');
    bindText($('#end-live'), isOnAir ? 'studio.end' : 'studio.close');
    $('#end-live').className = isOnAir ? 'danger' : 'danger-text';
    document.body.classList.toggle('on-air', isOnAir);
    show($('#countdown-choice'), !isOnAir);
    for (const node of document.querySelectorAll('.live-only')) show(node, isOnAir);
    show($('#stage-section'), isOnAir);
    if (phase === 'live') this.#onAir();
    if (phase === 'elsewhere') this.program.stop();
    this.statistics.run(isOnAir);
    this.#showPicture();
    this.#showProgramToggle();
    this.#showStage();
  }

  #onAir() {
    this.figures.goLive();
    if (this.programWanted && !this.program.pc) this.program.start();
    if (this.wasOnAir) return;
    this.wasOnAir = true;
    // Once on air the devices are rarely needed.
    if (this.tabs.selected === 'tab-prepare') this.tabs.select('tab-layout');
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
    const { broadcast, view } = this;
    if (!broadcast.isOnAir) return this.stage.clear();
    this.stage.update([...view.roster.all, ...linkedHosts(view.link)], broadcast.capture.stream);
  }

  /** The key of a text and its parameters, or null. */
  #notice(words) {
    if (words) bindText($('#notice'), ...words);
    show($('#notice'), Boolean(words));
  }

  async #share() {
    const address = `${location.origin}/watch/${encodeURIComponent(this.room)}`;
    try {
      await navigator.clipboard.writeText(address);
      toast('studio.shared');
    } catch {
      toastText(address);
    }
  }
}

startI18n();
placeIcons();
let studio = null;
startAccountMenu(() => location.assign('/'), { isBusy: () => studio?.broadcast.isOnAir });
document.title = `${t('studio.title')} · mixd`;
const room = roomInAddress();
const session = savedSession();
if (!room) {
  location.replace('/');
} else if (!session) {
  location.replace(`/watch/${encodeURIComponent(room)}`);
} else {
  studio = new Studio(room, await openSession(session.name));
  onLanguage(() => studio.view.titlePage(t('studio.title')));
  studio.open();
}
