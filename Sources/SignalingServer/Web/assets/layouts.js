// The layout switch of the studio.

import { bindText } from './i18n.js';
import { segments } from './segments.js';
import { $, el, icon } from './ui.js';

const LAYOUTS = ['pip', 'grid', 'side-by-side'];

export class LayoutSwitch {
  /** `onChoose(name)` asks the server; the mark moves when the scene has changed. */
  constructor(events, linkState, onChoose) {
    this.choice = segments($('#layout'), LAYOUTS.map((name) => ({ value: name, content: content(name) })), onChoose, {
      test: 'layout',
    });
    this.choice.show('pip');
    events
      .on('snapshot', ({ room }) => this.choice.show(room.layout))
      .on('room.updated', ({ room }) => this.choice.show(room.layout))
      .on('scene.changed', ({ scene }) => linkState.isLinked || this.choice.show(scene.layout));
    linkState.addEventListener('change', () => this.choice.enable(!linkState.isLinked));
  }
}

function content(name) {
  const label = el('span');
  bindText(label, `layout.${name}`);
  return [icon(`layout-${name}`), label];
}
