// The stage as a participant sees it: the others' media forwarded at once, and the own camera without sound.

import { bindText } from './i18n.js';
import { avatar, el, icon, iconButton, setIcon, show } from './ui.js';
import { Player } from './whep.js';

/** Keeps one tile for each participant. `onMute` and `onRemove` exist for the host only. */
export class StageView {
  constructor({ list, room, token, me, onMute, onRemove }) {
    Object.assign(this, { list, room, token, me, onMute, onRemove });
    this.tiles = new Map();
  }

  /** Shows `participants`; `ownStream` is the own camera or null. */
  update(participants, ownStream) {
    const present = new Set(participants.map(({ userId }) => userId));
    for (const [userId, tile] of this.tiles) {
      if (!present.has(userId)) this.#remove(userId, tile);
    }
    for (const participant of participants) this.#tile(participant).show(participant, ownStream);
  }

  clear() {
    for (const [userId, tile] of this.tiles) this.#remove(userId, tile);
  }

  #tile(participant) {
    const { userId } = participant;
    if (!this.tiles.has(userId)) {
      const tile = userId === this.me ? new OwnTile(participant) : new RemoteTile(participant, this);
      this.tiles.set(userId, tile);
      this.list.append(tile.node);
      tile.open();
    }
    return this.tiles.get(userId);
  }

  #remove(userId, tile) {
    tile.close();
    tile.node.remove();
    this.tiles.delete(userId);
  }
}

class Tile {
  constructor(participant, nameNode) {
    this.video = el('video', { autoplay: true, playsInline: true, data: { test: 'stage-video' } });
    this.face = el('div', { class: 'face' }, avatar(participant.name));
    this.muted = el('span', { class: 'badge', i18n: 'stage.muted', hidden: true, data: { test: 'muted' } });
    const role = el('span', { class: 'badge', i18n: participant.role === 'host' ? 'stage.host' : 'stage.cohost' });
    this.node = el('li', { class: 'tile', data: { test: 'tile', userId: participant.userId } },
      this.video, this.face, el('div', { class: 'caption' }, nameNode, role, this.muted));
  }

  open() {}

  showFace(visible) {
    show(this.face, visible);
  }
}

class OwnTile extends Tile {
  constructor(participant) {
    super(participant, el('span', { class: 'badge', i18n: 'common.you' }));
    this.video.muted = true;
    this.video.classList.add('mirror');
  }

  show(participant, stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    const camera = stream?.getVideoTracks()[0];
    this.showFace(!camera?.enabled);
    show(this.muted, participant.muted);
  }

  close() {
    this.video.srcObject = null;
  }
}

class RemoteTile extends Tile {
  constructor(participant, { room, token, onMute, onRemove }) {
    super(participant, el('span', { class: 'badge', text: participant.name }));
    this.player = new Player({ room, token, element: this.video, stage: participant.userId });
    this.note = el('div', { class: 'note', i18n: 'stage.connecting', attrs: { role: 'status' } });
    this.node.append(this.note);
    if (onMute) this.#addTools(onMute, onRemove);
    this.player.addEventListener('state', () => this.#showConnection());
    this.player.addEventListener('blocked', () => this.#offerTap());
  }

  /** In its place, so that its size is known. */
  open() {
    this.player.start();
  }

  show(participant) {
    this.participant = participant;
    this.#showFace();
    this.#showConnection();
    show(this.muted, participant.muted);
    if (!this.muteButton) return;
    const label = participant.muted ? 'stage.unmute' : 'stage.mute';
    setIcon(this.muteButton.firstElementChild, participant.muted ? 'mic-off' : 'mic');
    bindText(this.muteButton, label, {}, 'title');
    bindText(this.muteButton, label, {}, 'aria-label');
  }

  close() {
    this.player.stop();
  }

  /** The way to us may be interrupted, or his to the server. */
  #showConnection() {
    const { state } = this.player;
    const isAway = this.participant?.state === 'reconnecting';
    this.node.dataset.state = isAway ? 'reconnecting' : state;
    show(this.note, isAway || state !== 'connected');
    if (isAway) bindText(this.note, 'stage.reconnecting');
    else if (state !== 'connected') {
      bindText(this.note, state === 'connecting' ? 'stage.connecting' : 'state.reconnecting');
    }
  }

  #showFace() {
    const { video, camera } = this.participant;
    this.showFace(!video || !camera);
  }

  #addTools(onMute, onRemove) {
    this.muteButton = iconButton('mic', 'stage.mute', () => onMute(this.participant), {
      test: 'mute', className: 'icon-button glass',
    });
    const removeButton = iconButton('user-minus', 'stage.remove', () => onRemove(this.participant), {
      test: 'remove', className: 'icon-button glass',
    });
    this.node.append(el('div', { class: 'tools' }, this.muteButton, removeButton));
  }

  #offerTap() {
    const button = el('button', { type: 'button', class: 'unmute' }, icon('sound'), el('span', { i18n: 'stage.tap' }));
    button.addEventListener('click', async () => { if (await this.player.play()) button.remove(); });
    this.node.append(button);
  }
}
