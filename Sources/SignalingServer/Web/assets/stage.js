// The stage as a participant sees it: the others' media forwarded at once, and the own camera without sound.

import { obstacleKey } from './errors.js';
import { bindText } from './i18n.js';
import { avatar, el, icon, iconButton, setIcon, show } from './ui.js';
import { Player } from './whep.js';

/**
 * Keeps one tile for each participant. `onMute`, `onCamera` and `onRemove` exist for who may moderate.
 */
export class StageView {
  constructor({ list, room, me, onMute, onCamera, onRemove }) {
    Object.assign(this, { list, room, me, onMute, onCamera, onRemove });
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
    this.face = el('div', { class: 'face' });
    this.muted = el('span', { class: 'badge', i18n: 'stage.muted', hidden: true, data: { test: 'muted' } });
    const role = el('span', { class: 'badge', i18n: participant.role === 'host' ? 'stage.host' : 'stage.cohost' });
    this.node = el('li', { class: 'tile', data: { test: 'tile', userId: participant.userId } },
      this.video, this.face, el('div', { class: 'caption' }, nameNode, role, this.muted));
  }

  open() {}

  /** Guests may change their names. */
  showName(name) {
    if (name === this.name) return;
    this.name = name;
    this.face.replaceChildren(avatar(name));
  }

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
    this.showName(participant.name);
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    const camera = stream?.getVideoTracks()[0];
    this.showFace(!camera?.enabled || camera.readyState !== 'live');
    show(this.muted, participant.muted);
  }

  close() {
    this.video.srcObject = null;
  }
}

class RemoteTile extends Tile {
  constructor(participant, { room, onMute, onCamera, onRemove }) {
    const nameNode = el('span', { class: 'badge' });
    super(participant, nameNode);
    this.nameNode = nameNode;
    this.player = new Player({ room, element: this.video, stage: participant.userId });
    this.note = el('div', { class: 'note', i18n: 'stage.connecting', attrs: { role: 'status' } });
    this.node.append(this.note);
    if (onMute && !participant.isLinked && participant.role !== 'host') {
      this.#addTools({ onMute, onCamera, onRemove });
    }
    this.player.addEventListener('state', () => this.#showConnection());
    this.player.addEventListener('blocked', () => this.#offerTap());
  }

  /** In its place, so that its size is known. */
  open() {
    this.player.start();
  }

  show(participant) {
    this.participant = participant;
    this.showName(participant.name);
    this.nameNode.textContent = participant.name;
    this.#showFace();
    this.#showConnection();
    show(this.muted, participant.muted);
    if (!this.tools) return;
    const { muted, camera, media } = participant;
    setTool(this.tools.mute, muted ? ['mic-off', 'stage.unmute'] : ['mic', 'stage.mute']);
    setTool(this.tools.camera, camera ? ['cam', 'stage.camera-off'] : ['cam-off', 'stage.camera-on']);
    show(this.tools.camera, media === 'video');
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
    else if (state === 'connecting') bindText(this.note, 'stage.connecting');
    else if (state !== 'connected') bindText(this.note, ...obstacleKey(this.player, 'state.reconnecting'));
  }

  #showFace() {
    const { video, camera } = this.participant;
    this.showFace(!video || !camera);
  }

  #addTools({ onMute, onCamera, onRemove }) {
    const tool = (name, label, onClick, test) => (
      iconButton(name, label, () => onClick(this.participant), { test, className: 'icon-button glass' }));
    this.tools = {
      mute: tool('mic', 'stage.mute', onMute, 'mute'),
      camera: tool('cam', 'stage.camera-off', onCamera, 'camera-off'),
      remove: tool('user-minus', 'stage.remove', onRemove, 'remove'),
    };
    this.node.append(el('div', { class: 'tools' }, ...Object.values(this.tools)));
  }

  #offerTap() {
    const button = el('button', { type: 'button', class: 'unmute' }, icon('sound'), el('span', { i18n: 'stage.tap' }));
    button.addEventListener('click', async () => { if (await this.player.play()) button.remove(); });
    this.node.append(button);
  }
}

function setTool(button, [name, label]) {
  setIcon(button.firstElementChild, name);
  bindText(button, label, {}, 'title');
  bindText(button, label, {}, 'aria-label');
}

/** The hosts of linked rooms, in the shape of participants. */
export function linkedHosts(linkState) {
  if (!linkState.isLinked) return [];
  return linkState.rooms.filter(({ id }) => id !== linkState.room).map(({ hostId, hostName }) => ({
    userId: hostId, name: hostName, role: 'host', media: 'video', video: true, camera: true, muted: false,
    isLinked: true,
  }));
}
