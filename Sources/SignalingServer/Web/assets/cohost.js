// A viewer's way to the stage: apply or be invited → wait → publish → leave.

import { api } from './api.js';
import { Capture } from './capture.js';
import { errorText } from './errors.js';
import { bindText, plainText, t } from './i18n.js';
import { StageView } from './stage.js';
import { $, ask, show } from './ui.js';
import { Publisher } from './whip.js';

/** `phase`: idle | waiting | joining | onstage. Event `phase` when it changes. */
export class Cohost extends EventTarget {
  constructor({ room, session, events, roster }) {
    super();
    Object.assign(this, { room, session, events, roster });
    this.phase = 'idle';
    this.capture = new Capture();
    this.stage = new StageView({ list: $('#stage'), room, token: session.token, me: session.userId });
    this.#wire();
    this.#setPhase('idle');
  }

  #wire() {
    $('#apply-form').addEventListener('submit', (event) => { event.preventDefault(); this.#apply(); });
    $('#cancel').addEventListener('click', () => this.#cancel());
    $('#leave').addEventListener('click', () => this.#confirmLeave());
    this.events
      .on('snapshot', (snapshot) => this.#resume(snapshot))
      .on('video.wanted', ({ video }) => this.publisher?.obey(video))
      .on('down', () => this.publisher?.loseContact())
      .on('application.updated', ({ application }) => this.#answered(application))
      .on('invitation.created', ({ invitation }) => this.#invited(invitation))
      .on('participant.left', ({ userId, reason }) => userId === this.session.userId && this.#removed(reason));
    this.roster.addEventListener('change', () => { this.#tellCamera(); this.#showStage(); });
    this.capture.addEventListener('track', ({ detail }) => {
      this.publisher?.replaceTrack(detail);
      this.#showStage();
    });
    this.capture.addEventListener('toggle', () => { this.#tellCamera(); this.#showStage(); });
    this.capture.addEventListener('trouble', ({ detail }) => this.#say(errorText(detail)));
    addEventListener('pagehide', () => this.publisher?.stop());
    addEventListener('beforeunload', (event) => { if (this.phase === 'onstage') event.preventDefault(); });
  }

  // Applying

  async #apply() {
    const media = new FormData($('#apply-form')).get('media');
    const button = $('[data-test=apply]');
    button.disabled = true;
    this.#say(null);
    try {
      await this.capture.open({ video: media === 'video' });
      this.#wait(await api.apply(this.room, media));
    } catch (error) {
      // A seat that is still ours, after a crash of this page, is used again.
      if (error.code === 'participant.exists') this.#join();
      else this.#giveUp(errorText(error));
    } finally {
      button.disabled = false;
    }
  }

  /** An answer may have come by the events before the request itself returned. */
  #wait(application) {
    if (this.phase !== 'idle') return;
    this.application = application;
    this.#setPhase('waiting');
    const end = Date.now() + application.expiresIn * 1000;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      bindText($('#remaining'), 'cohost.remaining', { seconds });
    };
    clearInterval(this.timer);
    this.timer = setInterval(tick, 500);
    tick();
    const early = this.earlyAnswers?.get(application.id);
    if (early) this.#answered(early);
  }

  async #cancel() {
    try {
      await api.answerApplication(this.room, this.application.id, 'cancel');
      this.#giveUp(t('cohost.cancelled'));
    } catch (error) {
      this.#say(errorText(error));
    }
  }

  #answered(application) {
    if (application.userId !== this.session.userId) return;
    if (this.application?.id !== application.id) {
      this.earlyAnswers = new Map([[application.id, application]]);
      return;
    }
    if (this.phase !== 'waiting') return;
    if (application.state === 'accepted') this.#join();
    else this.#giveUp(t(`cohost.${application.state}`));
  }

  async #invited(invitation) {
    if (invitation.userId !== this.session.userId || this.phase !== 'idle') return;
    const accepted = await ask('cohost.invited', 'cohost.accept', 'cohost.reject', { name: this.hostName });
    try {
      if (accepted) await this.capture.open({ video: invitation.media === 'video' });
      await api.answerInvitation(this.room, invitation.id, accepted ? 'accept' : 'reject');
      if (accepted) this.#join();
    } catch (error) {
      this.#giveUp(errorText(error));
    }
  }

  // On stage

  #join() {
    this.#say(t('cohost.accepted'));
    this.#setPhase('joining');
    const { choice, stream } = this.capture;
    this.publisher = new Publisher({ room: this.room, token: this.session.token, stream, height: choice.height });
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
      this.#say(t('state.reconnecting'));
    }
  }

  #publishRefused(error) {
    const lost = error.code === 'participant.seat-required' && this.phase === 'onstage';
    this.#giveUp(lost ? t('cohost.lost') : t('cohost.failed', { reason: errorText(error) }));
  }

  #tellCamera() {
    const own = this.roster.get(this.session.userId);
    const camera = this.capture.on.video;
    if (!own || !this.capture.hasVideo || own.camera === camera) return;
    api.setParticipant(this.room, own.userId, { camera }).catch((error) => this.#say(errorText(error)));
  }

  async #confirmLeave() {
    if (!(await ask('cohost.leave-question', 'cohost.leave', 'cohost.leave-stay'))) return;
    const { userId } = this.session;
    this.#giveUp(t('cohost.left'));
    // Gives the seat back even when the publishing session was just being renewed.
    api.removeParticipant(this.room, userId).catch(() => {});
  }

  #removed(reason) {
    if (this.phase !== 'onstage' && this.phase !== 'joining') return;
    if (reason === 'kicked' || reason === 'lost') this.#giveUp(t(`cohost.${reason}`));
  }

  /** Back to the audience, saying why. */
  #giveUp(text) {
    this.publisher?.stop();
    this.publisher = null;
    this.application = null;
    this.capture.close();
    this.#setPhase('idle');
    this.#say(text);
  }

  /** The show is over, or the page is left for good. */
  close() {
    this.#giveUp(null);
    show($('#cohost'), false);
  }

  /** After a reconnect: what became of an application while nothing was heard. */
  #resume({ room, role, applications, video }) {
    if (video) this.publisher?.obey(video);
    this.hostName = room.hostName;
    show($('#cohost'), role !== 'host');
    if (this.phase !== 'waiting') return;
    if (role === 'cohost') this.#join();
    else if (!applications.some(({ id }) => id === this.application.id)) this.#giveUp(t('cohost.expired'));
  }

  // What is shown

  #setPhase(phase) {
    const changed = this.phase !== phase;
    this.phase = phase;
    if (phase !== 'waiting') clearInterval(this.timer);
    $('#cohost').dataset.phase = phase;
    show($('#apply-form'), phase === 'idle');
    show($('#waiting'), phase === 'waiting');
    show($('#devices'), phase !== 'idle');
    show($('#camera-field'), this.capture.hasVideo);
    show($('#preview'), this.capture.hasVideo && phase !== 'onstage');
    $('#devices').open = phase !== 'onstage';
    show($('#onstage-controls'), phase === 'onstage');
    show($('#stage-section'), phase === 'onstage');
    show($('#cohost-title'), phase !== 'onstage');
    this.#showStage();
    if (changed) this.dispatchEvent(new Event('phase'));
  }

  #showStage() {
    if (this.phase === 'onstage') this.stage.update(this.roster.all, this.capture.stream);
    else this.stage.clear();
  }

  #say(text) {
    plainText($('#cohost-message'), text ?? '');
    show($('#cohost-message'), Boolean(text));
  }
}
