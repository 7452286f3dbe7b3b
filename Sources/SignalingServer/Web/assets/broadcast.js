// The host's own media on its way into the room: preview, countdown, publishing.

import { Capture } from './capture.js';
import { errorKey, errorText, obstacleKey } from './errors.js';
import { $, show } from './ui.js';
import { Publisher } from './whip.js';

const COUNTDOWN_STORE = 'mixd.countdown';

/**
 * `phase`: idle | permission | preview | countdown | connecting | live | reconnecting | elsewhere (another page of the
 * host has taken over) | ended.
 * Events: `phase`, `change` (another track, or one switched on or off), `trouble` (`detail`: the key of a text and its
 * parameters, or null).
 */
export class Broadcast extends EventTarget {
  constructor(room) {
    super();
    this.room = room;
    this.capture = new Capture();
    this.phase = 'idle';
    this.capture.addEventListener('track', ({ detail }) => {
      this.publisher?.replaceTrack(detail);
      this.dispatchEvent(new Event('change'));
    });
    this.capture.addEventListener('toggle', () => this.dispatchEvent(new Event('change')));
    $('#use-countdown').checked = localStorage.getItem(COUNTDOWN_STORE) !== 'off';
    $('#use-countdown').addEventListener('change', ({ target }) => {
      localStorage.setItem(COUNTDOWN_STORE, target.checked ? 'on' : 'off');
    });
  }

  get isOnAir() { return this.phase === 'live' || this.phase === 'reconnecting'; }

  /** What is said of the phase: a key and its parameters. */
  get words() {
    const key = `state.${this.phase === 'countdown' ? 'preview' : this.phase}`;
    return this.phase === 'reconnecting' ? obstacleKey(this.publisher ?? {}, key) : [key, {}];
  }

  /** On air, and this page has not been left yet. */
  get isSending() { return this.phase === 'live' && Boolean(this.publisher); }

  async openPreview() {
    this.#enter('permission');
    this.#trouble(null);
    try {
      await this.capture.open();
      // The room may be over by now.
      if (this.phase === 'ended') this.capture.close();
      this.#enter('preview');
      return true;
    } catch (error) {
      this.capture.trouble.show(error.key ?? 'device.failed', () => this.openPreview());
      this.#enter('idle');
      return false;
    }
  }

  async goLive() {
    if (this.publisher || this.phase === 'countdown') return;
    const takesOver = this.phase === 'elsewhere';
    if (!this.capture.stream && !(await this.openPreview())) return;
    this.#trouble(null);
    if ($('#use-countdown').checked && !takesOver) await this.#countDown();
    if (this.phase === 'ended') return;
    this.#enter('connecting');
    const { choice, stream } = this.capture;
    this.publisher = new Publisher({ room: this.room, stream, height: choice.height });
    this.publisher.addEventListener('state', () => this.#publisherChanged());
    this.publisher.addEventListener('refused', ({ detail }) => this.#refused(detail));
    this.publisher.start();
  }

  /** Nothing is sent any more; the camera stays. */
  stop() {
    this.publisher?.stop();
    this.publisher = null;
  }

  end() {
    this.stop();
    this.capture.close();
    this.#trouble(null);
    this.#enter('ended');
  }

  async #countDown() {
    this.#enter('countdown');
    show($('#countdown'), true);
    let skipped = false;
    $('#countdown-skip').onclick = () => { skipped = true; };
    $('#countdown-skip').focus();
    for (let tenth = 30; tenth > 0 && !skipped && this.phase === 'countdown'; tenth -= 1) {
      $('#countdown-number').textContent = Math.ceil(tenth / 10);
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    show($('#countdown'), false);
  }

  #publisherChanged() {
    const { state } = this.publisher;
    if (state === 'connected') {
      this.#enter('live');
    } else if (state === 'reconnecting') {
      this.#enter('reconnecting');
    }
  }

  #refused(error) {
    this.publisher = null;
    if (error.code === 'session.replaced') {
      this.#trouble(errorKey(error));
      this.#enter('elsewhere');
      return;
    }
    const isPlain = ['room.ended', 'room.banned', 'room.user-banned', 'auth.banned'].includes(error.code);
    this.#trouble(isPlain ? errorKey(error) : ['state.failed', { reason: errorText(error) }]);
    this.#enter('preview');
  }

  #trouble(words) {
    this.dispatchEvent(new CustomEvent('trouble', { detail: words }));
  }

  #enter(phase) {
    if (this.phase === 'ended') return;
    this.phase = phase;
    this.dispatchEvent(new Event('phase'));
  }
}
