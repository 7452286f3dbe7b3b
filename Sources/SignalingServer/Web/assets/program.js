// The programme of a room in a player that starts silent, with its sound button.

import { setToggle, show } from './ui.js';
import { Player } from './whep.js';

/** Events: those of `Player`, and `first-picture`. */
export class Program extends Player {
  /** `labels`: string keys of the sound button, sounding and silent. `invite`: a large unmute button. */
  constructor({ room, element, button, labels, invite = null }) {
    super({ room, element });
    Object.assign(this, { button, labels, invite });
    button.addEventListener('click', () => this.setSound(element.muted));
    invite?.addEventListener('click', () => this.setSound(true));
    element.addEventListener('playing', () => {
      if (this.state === 'closed') return;
      this.#showSound();
      this.dispatchEvent(new Event('first-picture'));
    });
    this.#showSound();
  }

  async setSound(on) {
    this.element.muted = !on;
    if (on && !(await this.play())) this.element.muted = true;
    this.#showSound();
  }

  #showSound() {
    const on = !this.element.muted;
    setToggle(this.button, on, ['sound', this.labels[0]], ['sound-off', this.labels[1]]);
    if (this.invite) show(this.invite, !on && this.state === 'connected' && !this.wasHeard);
    if (on) this.wasHeard = true;
  }
}
