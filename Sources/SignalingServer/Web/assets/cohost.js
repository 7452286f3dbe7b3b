// A viewer's way to the stage: apply or be invited → wait → publish → leave.

import { api } from './api.js';
import { Capture } from './capture.js';
import { ask } from './dialogs.js';
import { errorKey, errorText, obstacleKey } from './errors.js';
import { bindText, hasText } from './i18n.js';
import { Invitations } from './invitations.js';
import { linkedHosts, StageView } from './stage.js';
import { $, countDown, show } from './ui.js';
import { Publisher } from './whip.js';

/** How long the audience is told how its way to the stage ended. */
const MEMORY_MS = 60_000;

/** In which phases an invitation is shown at once. */
const ASKABLE = new Set(['idle', 'preparing', 'waiting']);

/**
 * `phase`: idle | preparing | waiting | joining | onstage | elsewhere (on stage by another page). Event `phase` when it
 * changes.
 */
export class Cohost extends EventTarget {
  constructor({ room, me, view }) {
    super();
    Object.assign(this, { room, me, view });
    this.phase = 'idle';
    /** Stands for the way to the stage that goes on: what an earlier one began and is answered late is not wanted. */
    this.turn = null;
    this.isAccepting = false;
    this.capture = new Capture();
    this.stage = new StageView({ list: $('#stage'), room, me });
    this.invitations = new Invitations(view.events, {
      me, isFree: () => ASKABLE.has(this.phase), hostName: () => view.info.hostName,
      onAnswer: (invitation, accepted) => this.#answerInvitation(invitation, accepted),
      onSay: (key) => this.#say(key),
    });
    this.#wire();
    this.#setPhase('idle');
  }

  #wire() {
    $('#apply-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#prepare(new FormData(event.target).get('media'));
    });
    $('#send-form').addEventListener('submit', (event) => { event.preventDefault(); this.#apply(); });
    $('#apply-back').addEventListener('click', () => this.#giveUp(null));
    $('#cancel').addEventListener('click', () => this.#cancel());
    $('#leave').addEventListener('click', () => this.#confirmLeave());
    $('#take-over').addEventListener('click', () => this.#takeOver());
    const { events, link, roster, standing } = this.view;
    events
      .on('snapshot', (snapshot) => this.#resume(snapshot))
      .on('video.wanted', ({ video }) => this.publisher?.obey(video))
      .on('session.replaced', ({ id }) => this.publisher?.giveWay(id))
      .on('down', () => this.publisher?.loseContact())
      .on('application.updated', ({ application }) => this.#answered(application))
      .on('participant.kicked', ({ text }) => this.#say('cohost.kicked-because', { reason: text }))
      .on('participant.joined', ({ participant }) => participant.userId === this.me && this.#noticeElsewhere())
      .on('participant.left', ({ userId, reason }) => userId === this.me && this.#removed(reason));
    roster.addEventListener('change', () => { this.#tellCamera(); this.#showStage(); this.#showHostsWill(); });
    standing.addEventListener('change', () => this.#showOpening());
    link.addEventListener('change', () => { this.#showOpening(); this.#showStage(); });
    this.#wireCapture();
  }

  #wireCapture() {
    this.capture.addEventListener('track', ({ detail }) => {
      this.publisher?.replaceTrack(detail);
      this.#tellCamera();
      this.#showStage();
    });
    this.capture.addEventListener('toggle', () => { this.#tellCamera(); this.#showStage(); });
    addEventListener('pagehide', () => this.publisher?.stop());
    addEventListener('beforeunload', (event) => { if (this.phase === 'onstage') event.preventDefault(); });
  }

  // Applying

  /** Camera and microphone first: what is seen here is what the host will get. Whether they are there. */
  async #prepare(media) {
    if (this.isAccepting) return false;
    const turn = this.turn = Symbol('prepare');
    this.media = media;
    const button = $('[data-test=apply]');
    button.disabled = true;
    this.#say(null);
    try {
      if (!(await this.#openFor(media, turn))) return false;
      this.#setPhase('preparing');
      $('[data-test=apply-send]').focus();
      return true;
    } catch (error) {
      if (this.turn === turn) this.#giveUp(...errorKey(error));
      return false;
    } finally {
      button.disabled = false;
      this.#showOpening();
    }
  }

  async #apply() {
    const { turn } = this;
    const button = $('[data-test=apply-send]');
    button.disabled = true;
    const message = $('#apply-message').value.trim();
    try {
      const application = await api.apply(this.room, { media: this.media, ...(message ? { message } : {}) });
      if (this.turn === turn) this.#wait(application);
      else this.#withdraw(application);
    } catch (error) {
      if (this.turn !== turn) return;
      // A seat that is still ours, after a crash of this page, is used again.
      if (error.code === 'participant.exists') this.#join();
      else this.#giveUp(...errorKey(error));
    } finally {
      button.disabled = false;
    }
  }

  /** An application from before the page was loaded: the devices have to be opened again. */
  async #adopt(application) {
    if (await this.#prepare(application.media)) this.#wait(application);
    else this.#withdraw(application);
  }

  /** Nobody waits for its answer here. */
  #withdraw({ id }) {
    api.answerApplication(this.room, id, 'cancel').catch(() => {});
  }

  /** An answer may have come by the events before the request itself returned. */
  #wait(application) {
    this.application = application;
    this.#setPhase('waiting');
    this.stopCounting = countDown(application.expiresIn, (seconds) => {
      bindText($('#remaining'), 'cohost.remaining', { seconds });
    });
    this.#showPosition(application);
    this.#catchUp();
  }

  #catchUp() {
    const early = this.earlyAnswers?.get(this.application.id);
    if (early) this.#answered(early);
  }

  #showPosition({ position }) {
    show($('#position'), position > 1);
    bindText($('#position'), 'cohost.position', { count: position - 1 });
  }

  async #cancel() {
    if (this.isAccepting) return;
    try {
      await api.answerApplication(this.room, this.application.id, 'cancel');
      this.#giveUp('cohost.cancelled');
    } catch (error) {
      this.#say(...errorKey(error));
    }
  }

  #answered(application) {
    if (application.userId !== this.me) return;
    if (this.isAccepting || this.application?.id !== application.id) {
      this.earlyAnswers = new Map([[application.id, application]]);
      return;
    }
    if (this.phase !== 'waiting') return;
    if (application.state === 'pending') this.#showPosition(application);
    else if (application.state === 'accepted') this.#join();
    else this.#giveUp(...answerText(application));
  }

  async #answerInvitation(invitation, accepted) {
    if (accepted) return this.#accept(invitation);
    await api.answerInvitation(this.room, invitation.id, 'reject').catch((error) => this.#say(...errorKey(error)));
  }

  /** An application of his ends with it, and is not missed; if it fails, that one waits on. */
  async #accept({ id, media }) {
    const turn = this.turn = Symbol('accept');
    this.isAccepting = true;
    try {
      if (!(await this.#openFor(media, turn))) return;
      await api.answerInvitation(this.room, id, 'accept');
      if (this.turn === turn) this.#join();
    } catch (error) {
      if (this.turn === turn) await this.#waitOn(turn, error);
    } finally {
      this.isAccepting = false;
    }
  }

  /** Of an application that has ended meanwhile its end is told after all. */
  async #waitOn(turn, error) {
    if (!this.application) return this.#giveUp(...errorKey(error));
    try {
      if (!(await this.#openFor(this.application.media, turn))) return;
      this.#say(...errorKey(error));
      this.isAccepting = false;
      this.#catchUp();
    } catch (trouble) {
      if (this.turn !== turn) return;
      this.#withdraw(this.application);
      this.#giveUp(...errorKey(trouble));
    }
  }

  /** What is open for something else gives way, what nobody waits for any more is closed. Whether `turn` goes on. */
  async #openFor(media, turn) {
    const video = media === 'video';
    if (this.capture.wantsVideo !== video) this.capture.close();
    await this.capture.open({ video });
    if (!this.turn) this.capture.close();
    return this.turn === turn;
  }

  // On stage

  #join(key = 'cohost.accepted') {
    this.turn = Symbol('stage');
    this.#say(key);
    this.#setPhase('joining');
    const { choice, stream } = this.capture;
    const kinds = this.capture.wantsVideo ? ['audio', 'video'] : ['audio'];
    this.publisher = new Publisher({ room: this.room, stream, height: choice.height, kinds });
    this.publisher.addEventListener('state', () => this.#publisherChanged());
    this.publisher.addEventListener('refused', ({ detail }) => this.#publishRefused(detail));
    this.publisher.start();
  }

  #publisherChanged() {
    const { state } = this.publisher;
    if (state === 'connected') {
      this.#say(null);
      this.#setPhase('onstage');
    } else if (state === 'reconnecting') {
      this.#say(...obstacleKey(this.publisher, 'state.reconnecting'));
    }
  }

  #publishRefused(error) {
    if (error.code === 'session.replaced') {
      this.#giveUp('error.session.replaced', {}, 'elsewhere');
      return;
    }
    const lost = error.code === 'participant.seat-required' && this.phase === 'onstage';
    if (lost) this.#giveUp('cohost.lost');
    else this.#giveUp('cohost.failed', { reason: errorText(error) });
  }

  /** He has come on stage and this page has not done it. */
  #noticeElsewhere() {
    if (this.publisher || this.isAccepting || this.phase === 'elsewhere') return;
    this.#giveUp('cohost.elsewhere', {}, 'elsewhere');
  }

  /** The other page stops as this one has stopped before. */
  async #takeOver() {
    const turn = this.turn = Symbol('take over');
    try {
      if (await this.#openFor(this.view.roster.get(this.me)?.media, turn)) this.#join(null);
    } catch (error) {
      this.#say(...errorKey(error));
    }
  }

  #tellCamera() {
    if (!this.publisher) return;
    const own = this.view.roster.get(this.me);
    const camera = this.capture.showsVideo;
    if (!own || own.cameraOffByHost || !this.capture.wantsVideo || own.camera === camera) return;
    api.setParticipant(this.room, this.me, { camera }).catch((error) => this.#say(...errorKey(error)));
  }

  /** What the host has switched off is told, and only he can switch it on. */
  #showHostsWill() {
    const own = this.view.roster.get(this.me);
    if (this.phase !== 'onstage' || !own) return;
    const isHidden = own.cameraOffByHost && this.capture.wantsVideo;
    const key = own.mutedByHost ? 'cohost.muted-by-host' : isHidden ? 'cohost.camera-off-by-host' : null;
    if (key === this.hostsWill) return;
    this.hostsWill = key;
    this.#say(key);
    $('#toggle-cam').disabled = own.cameraOffByHost || !this.capture.wantsVideo;
  }

  async #confirmLeave() {
    if (!(await ask('cohost.leave-question', 'cohost.leave', 'cohost.leave-stay', {}, { danger: true }))) return;
    this.#giveUp('cohost.left');
    // Gives the seat back even when the publishing session was just being renewed.
    api.removeParticipant(this.room, this.me).catch(() => {});
  }

  #removed(reason) {
    if (this.phase === 'elsewhere') this.#giveUp(null);
    if (this.phase !== 'onstage' && this.phase !== 'joining') return;
    if (['kicked', 'lost', 'no-media'].includes(reason)) this.#giveUp(`cohost.${reason}`);
    else if (reason !== 'left') this.#giveUp(null);
  }

  /** Back to the audience, saying why. */
  #giveUp(key, params = {}, phase = 'idle') {
    this.publisher?.stop();
    this.publisher = null;
    this.application = null;
    this.turn = null;
    this.hostsWill = null;
    this.capture.close();
    this.#setPhase(phase);
    this.#say(key, params);
  }

  /** The show is over, or the page is left for good. */
  close() {
    this.invitations.close();
    this.#giveUp(null);
    this.isClosed = true;
    show($('#cohost'), false);
  }

  /** The page was left, and with it the stage, but it was kept and shown again. */
  comeBack() {
    if (this.phase === 'onstage' || this.phase === 'joining') this.#giveUp('cohost.left');
  }

  /** After a reload or reconnect: what became of an application while nothing was heard. */
  #resume({ role, applications, participants, video }) {
    if (video) this.publisher?.obey(video);
    show($('#cohost'), !this.isClosed && role !== 'host');
    this.#showOpening();
    const own = applications.find(({ userId }) => userId === this.me);
    const isFree = this.phase === 'idle' && !this.turn;
    if (isFree && own) this.#adopt(own);
    const isOnStage = participants.some(({ userId }) => userId === this.me);
    if (role === 'cohost' && (isFree || isOnStage)) this.#noticeElsewhere();
    if (this.phase === 'elsewhere' && role !== 'cohost') this.#giveUp(null);
    if (this.phase !== 'waiting' || !this.application) return;
    const isOpen = applications.some(({ id }) => id === this.application.id);
    if (role === 'cohost') this.#answered({ ...this.application, state: 'accepted' });
    else if (!isOpen) this.#answered({ ...this.application, state: 'expired' });
  }

  // What is shown

  /** Why nobody can apply right now, said before he tries. */
  #showOpening() {
    const { link, standing } = this.view;
    const isClosed = standing.settings.applications === 'closed';
    const key = link.isLinked ? 'error.application.during-link' : isClosed ? 'error.application.closed-by-host' : null;
    show($('#cohost-closed'), Boolean(key) && this.phase === 'idle');
    if (key) bindText($('#cohost-closed'), key);
    $('[data-test=apply]').disabled = Boolean(key);
  }

  #setPhase(phase) {
    const changed = this.phase !== phase;
    this.phase = phase;
    if (phase !== 'waiting') this.stopCounting?.();
    $('#cohost').dataset.phase = phase;
    show($('#apply-form'), phase === 'idle');
    show($('#send-form'), phase === 'preparing');
    show($('#waiting'), phase === 'waiting');
    show($('#take-over'), phase === 'elsewhere');
    show($('#devices'), phase !== 'idle' && phase !== 'elsewhere');
    show($('#camera-field'), this.capture.wantsVideo);
    show($('#preview'), this.capture.hasVideo && phase !== 'onstage');
    $('#devices').open = phase !== 'onstage';
    show($('#onstage-controls'), phase === 'onstage');
    show($('#stage-section'), phase === 'onstage');
    show($('#cohost-title'), phase !== 'onstage');
    this.#showOpening();
    this.#showStage();
    if (!changed) return;
    this.dispatchEvent(new Event('phase'));
    this.invitations.look();
  }

  #showStage() {
    if (this.phase !== 'onstage') return this.stage.clear();
    this.stage.update([...this.view.roster.all, ...linkedHosts(this.view.link)], this.capture.stream);
  }

  /** How it ended is old news after a while. */
  #say(key, params = {}) {
    show($('#cohost-message'), key !== null);
    if (key) bindText($('#cohost-message'), key, params);
    clearTimeout(this.forgetting);
    if (key && this.phase === 'idle') this.forgetting = setTimeout(() => this.#say(null), MEMORY_MS);
  }
}

/** How a request ended: with the words of who rejected it, or with the reason the server gives by a code. */
function answerText({ state, reason }) {
  if (!reason) return [`cohost.${state}`];
  if (state === 'rejected') return ['cohost.rejected-because', { reason }];
  const key = [`error.${reason}`, `cohost.reason-${reason}`].find(hasText);
  return [key ?? `cohost.${state}`];
}
