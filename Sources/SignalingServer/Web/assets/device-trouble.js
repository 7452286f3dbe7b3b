// What is wrong with camera or microphone, and the way to try again.

import { bindText } from './i18n.js';
import { $, el, show } from './ui.js';

export class DeviceTrouble {
  /** Fills `node`, which is read out when it appears. */
  constructor(node) {
    this.node = node;
    this.text = el('span', { class: 'grow', data: { test: 'device-trouble-text' } });
    this.again = el('button', {
      type: 'button', class: 'small', i18n: 'common.retry', data: { test: 'device-retry' },
      on: { click: () => this.#retry() },
    });
    node.append(this.text, this.again);
  }

  /** `retry()` resolves when the devices were tried again; it shows anew what is still wrong. */
  show(key, retry) {
    this.retry = retry;
    bindText(this.text, key);
    show(this.node, true);
  }

  hide() {
    this.retry = null;
    show(this.node, false);
  }

  async #retry() {
    const { retry } = this;
    if (!retry) return;
    this.hide();
    await retry();
  }
}

export const deviceTrouble = () => new DeviceTrouble($('#device-trouble'));
