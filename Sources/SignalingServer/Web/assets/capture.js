// The own camera and microphone with their controls: device lists, preview, level, on/off buttons.

import { deviceTrouble } from './device-trouble.js';
import {
  endingKey, fillDeviceList, hasDevice, LevelMeter, openDevices, openWhatWorks, savedChoice, saveChoice, stopTracks,
} from './devices.js';
import { t } from './i18n.js';
import { $, setToggle } from './ui.js';

const KINDS = ['audio', 'video'];

/**
 * Events: `track` (`detail`: the track that replaced one of its kind), `toggle` (microphone or camera on/off).
 * What goes wrong with a device is shown here, with the way to try again.
 */
export class Capture extends EventTarget {
  constructor() {
    super();
    this.choice = savedChoice();
    this.stream = null;
    this.on = { audio: true, video: true };
    /** Kinds that were asked for and do not work, and why. */
    this.lost = new Map();
    this.preview = $('#preview');
    this.meter = new LevelMeter($('#level'));
    this.trouble = deviceTrouble();
    this.buttons = { audio: $('#toggle-mic'), video: $('#toggle-cam') };
    this.selects = { audio: $('#microphone'), video: $('#camera') };
    this.#wire();
    this.#showToggles();
  }

  /** Opens what is not open yet; with one of two devices it goes on. Throws an error with a `key`. */
  async open({ video = true } = {}) {
    if (this.stream) return;
    const { stream, failed } = video
      ? await openWhatWorks(this.choice) : { stream: await openDevices(this.choice, { video }) };
    this.stream = stream;
    this.#showTrouble();
    for (const track of stream.getTracks()) this.#adopt(track);
    await this.#showDevices();
    if (failed) this.#lose(failed.kind, failed.error.key);
  }

  close() {
    stopTracks(this.stream);
    this.stream = null;
    this.lost.clear();
    this.#showTrouble();
    this.preview.srcObject = null;
    this.meter.stop();
  }

  get hasVideo() {
    return Boolean(this.stream?.getVideoTracks().length);
  }

  /** Whether a picture is there or is to come back. */
  get wantsVideo() {
    return this.hasVideo || this.lost.has('video');
  }

  /** Whether the camera is on and works. */
  get showsVideo() {
    return this.on.video && !this.lost.has('video');
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
    for (const kind of KINDS) this.buttons[kind].addEventListener('click', () => this.#toggle(kind));
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.#devicesChanged());
  }

  #adopt(track) {
    track.enabled = this.on[track.kind];
    this.lost.delete(track.kind);
    const { deviceId } = track.getSettings();
    track.addEventListener('ended', async () => {
      if (!this.stream?.getTracks().includes(track)) return;
      this.#lose(track.kind, await endingKey(track, deviceId));
    });
  }

  #choose(change, kind) {
    Object.assign(this.choice, change);
    saveChoice(this.choice);
    const isUsed = this.lost.has(kind) || this.stream?.getTracks().some((track) => track.kind === kind);
    if (isUsed) this.#reopen(kind);
  }

  /** The old device is closed first: some browsers open only one at a time. */
  async #reopen(kind) {
    const { stream } = this;
    if (!stream) return;
    for (const track of stream.getTracks().filter((candidate) => candidate.kind === kind)) {
      track.stop();
      stream.removeTrack(track);
    }
    try {
      const fresh = await openDevices(this.choice, { video: kind === 'video', audio: kind === 'audio' });
      if (this.stream !== stream) return stopTracks(fresh);
      const [track] = fresh.getTracks();
      this.#adopt(track);
      stream.addTrack(track);
      this.#showTrouble();
      this.dispatchEvent(new CustomEvent('track', { detail: track }));
      await this.#showDevices();
    } catch (error) {
      this.#lose(kind, error.key);
    }
  }

  /** The rest goes on without it. */
  #lose(kind, key) {
    this.lost.set(kind, key ?? 'device.failed');
    this.#showTrouble();
    this.#showToggles();
    this.#showLists();
    this.dispatchEvent(new CustomEvent('toggle', { detail: kind }));
  }

  #showTrouble() {
    const [key] = [...this.lost.values()].slice(-1);
    if (key) this.trouble.show(key, () => this.#reopenLost());
    else this.trouble.hide();
  }

  async #reopenLost() {
    for (const kind of [...this.lost.keys()]) await this.#reopen(kind);
  }

  /** Lists follow what is plugged in, and what was lost is taken up again when one of its kind appears. */
  async #devicesChanged() {
    if (!this.stream) return;
    await this.#showLists();
    for (const kind of [...this.lost.keys()]) {
      if (await hasDevice(kind)) await this.#reopen(kind);
    }
  }

  async #showDevices() {
    this.preview.srcObject = this.stream;
    this.#showToggles();
    this.meter.start(this.stream);
    await this.#showLists();
  }

  async #showLists() {
    const unnamed = t('common.unnamed-device');
    for (const kind of KINDS) {
      const track = this.stream?.getTracks().find((one) => one.kind === kind && one.readyState === 'live');
      await fillDeviceList(this.selects[kind], kind, track, unnamed);
    }
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
    this.buttons.video.disabled = Boolean(this.stream) && !this.wantsVideo;
  }
}
