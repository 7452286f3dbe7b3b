// The own camera and microphone with their controls: device lists, preview, level, on/off buttons.

import { fillDeviceList, LevelMeter, openDevices, savedChoice, saveChoice, stopTracks } from './devices.js';
import { t } from './i18n.js';
import { $, setToggle } from './ui.js';

/**
 * Events: `track` (`detail`: the track that replaced one of its kind), `toggle` (microphone or camera on/off),
 * `trouble` (`detail`: an error with a `key`).
 */
export class Capture extends EventTarget {
  constructor() {
    super();
    this.choice = savedChoice();
    this.stream = null;
    this.on = { audio: true, video: true };
    this.preview = $('#preview');
    this.meter = new LevelMeter($('#level'));
    this.buttons = { audio: $('#toggle-mic'), video: $('#toggle-cam') };
    this.selects = { audio: $('#microphone'), video: $('#camera') };
    this.#wire();
    this.#showToggles();
  }

  /** Opens what is not open yet. Throws an error with a `key`. */
  async open({ video = true } = {}) {
    if (this.stream) return;
    this.stream = await openDevices(this.choice, { video });
    for (const track of this.stream.getTracks()) this.#adopt(track);
    await this.#showDevices();
  }

  close() {
    stopTracks(this.stream);
    this.stream = null;
    this.preview.srcObject = null;
    this.meter.stop();
  }

  get hasVideo() {
    return Boolean(this.stream?.getVideoTracks().length);
  }

  #wire() {
    const { originalSound, height } = this.choice;
    const original = $('#original-sound');
    original.checked = originalSound;
    original.addEventListener('change', () => this.#choose({ originalSound: original.checked }, 'audio'));
    const quality = $('#quality');
    if (quality) {
      quality.value = String(height);
      quality.addEventListener('change', () => this.#choose({ height: Number(quality.value) }, 'video'));
    }
    this.selects.audio.addEventListener('change', ({ target }) => this.#choose({ microphone: target.value }, 'audio'));
    this.selects.video.addEventListener('change', ({ target }) => this.#choose({ camera: target.value }, 'video'));
    for (const kind of ['audio', 'video']) this.buttons[kind].addEventListener('click', () => this.#toggle(kind));
  }

  #adopt(track) {
    track.enabled = this.on[track.kind];
    track.addEventListener('ended', () => this.#fail('device.busy'));
  }

  #choose(change, kind) {
    Object.assign(this.choice, change);
    saveChoice(this.choice);
    if (this.stream?.getTracks().some((track) => track.kind === kind)) this.#reopen(kind);
  }

  /** The old device is closed first: some browsers open only one at a time. */
  async #reopen(kind) {
    const { stream } = this;
    for (const track of stream.getTracks().filter((candidate) => candidate.kind === kind)) {
      track.stop();
      stream.removeTrack(track);
    }
    try {
      const fresh = await openDevices(this.choice, { video: kind === 'video', audio: kind === 'audio' });
      const [track] = fresh.getTracks();
      this.#adopt(track);
      stream.addTrack(track);
      this.dispatchEvent(new CustomEvent('track', { detail: track }));
      await this.#showDevices();
    } catch (error) {
      this.#fail(error.key);
    }
  }

  async #showDevices() {
    const { stream } = this;
    this.preview.srcObject = stream;
    this.#showToggles();
    this.meter.start(stream);
    const unnamed = t('common.unnamed-device');
    await fillDeviceList(this.selects.audio, 'audioinput', stream.getAudioTracks()[0], unnamed);
    await fillDeviceList(this.selects.video, 'videoinput', stream.getVideoTracks()[0], unnamed);
  }

  #toggle(kind) {
    this.on[kind] = !this.on[kind];
    for (const track of this.stream?.getTracks() ?? []) {
      if (track.kind === kind) track.enabled = this.on[kind];
    }
    this.#showToggles();
    this.dispatchEvent(new CustomEvent('toggle', { detail: kind }));
  }

  #showToggles() {
    setToggle(this.buttons.audio, this.on.audio, ['mic', 'device.mic-on'], ['mic-off', 'device.mic-off']);
    setToggle(this.buttons.video, this.on.video, ['cam', 'device.cam-on'], ['cam-off', 'device.cam-off']);
    this.buttons.video.disabled = Boolean(this.stream) && !this.hasVideo;
  }

  #fail(key) {
    this.dispatchEvent(new CustomEvent('trouble', { detail: Object.assign(new Error(key), { key }) }));
  }
}
