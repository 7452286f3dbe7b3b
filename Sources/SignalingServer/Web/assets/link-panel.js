// The host's side of links and battles: ask another host, answer, battle, end.

import { api } from './api.js';
import { BattleRequests } from './battle-requests.js';
import { ask } from './dialogs.js';
import { attempt } from './errors.js';
import { bindText } from './i18n.js';
import { askForLink, battleSelect, pickRoom } from './link-dialogs.js';
import { $, avatar, countDown, el, show, toast } from './ui.js';

const MAX_ROOMS = 4;

export class LinkPanel {
  constructor({ room, events, state }) {
    Object.assign(this, { room, state, asked: new Map() });
    $('#link-start').addEventListener('click', () => this.#request());
    $('#link-cancel').addEventListener('click', () => (
      attempt(() => api.answerLink(room, state.link.id, 'cancel'))));
    $('#link-invite').addEventListener('click', () => this.#inviteMore());
    $('#link-end').addEventListener('click', () => this.#end());
    $('#battle-start').addEventListener('click', () => this.#battle());
    $('#battle-end').addEventListener('click', () => attempt(() => api.endBattle(room, state.link.id)));
    this.battles = new BattleRequests({ room, events, state });
    state.addEventListener('change', () => this.#render());
    events
      .on('snapshot', ({ link }) => this.#askAgain(link))
      .on('link.requested', ({ link, expiresIn }) => this.#answer(link, expiresIn))
      .on('link.updated', (message) => this.#told(message));
    const select = battleSelect('battle-length', { withNone: false });
    select.id = 'battle-select';
    $('#battle-select').replaceWith(select);
    this.#render();
  }

  async #request() {
    const choice = await pickRoom(this.room, { withBattle: true });
    if (!choice) return;
    const battle = choice.duration ? { duration: choice.duration } : null;
    await attempt(() => api.requestLink(this.room, choice.room.id, battle));
  }

  /** The events tell the outcome. */
  #showWaiting() {
    const asked = this.state.everybody.find(({ joined }) => !joined);
    if (!asked) return;
    bindText($('#link-waiting'), 'link.waiting', { name: asked.hostName });
    this.stopCounting?.();
    this.stopCounting = countDown(asked.expiresIn, (left) => {
      bindText($('#link-remaining'), 'common.seconds', { count: left });
    });
  }

  /** A request that came before the page was loaded. */
  #askAgain(link) {
    const own = link?.rooms.find(({ id }) => id === this.room);
    if (own && !own.joined && !this.asked.has(link.id)) this.#answer(link, own.expiresIn);
  }

  async #answer(link, seconds) {
    const withdrawn = new AbortController();
    this.asked.set(link.id, withdrawn);
    const accepted = await askForLink(link, seconds, withdrawn.signal);
    this.asked.delete(link.id);
    if (accepted === null) return;
    await attempt(() => api.answerLink(this.room, link.id, accepted ? 'accept' : 'reject'));
  }

  #told({ link, answer }) {
    const own = link.rooms.find(({ id }) => id === this.room);
    const isStillAsked = own && !own.joined && ['pending', 'active'].includes(link.state);
    if (!isStillAsked) this.asked.get(link.id)?.abort();
    if (answer && answer.roomId !== this.room) this.#tellAnswer(answer);
    else if (!own?.joined) this.#tellLapse(answer?.state ?? link.state);
    if (link.state === 'ended') toast('link.ended');
  }

  /** What this host was asked has ended without his answer. */
  #tellLapse(state) {
    if (state === 'cancelled' || state === 'expired') toast(`link.asked-${state}`);
  }

  #tellAnswer({ state, reason }) {
    if (state === 'rejected' && reason) toast('link.rejected-because', { reason });
    else toast(`link.${state}`);
  }

  async #inviteMore() {
    const choice = await pickRoom(this.room, { withBattle: false, exclude: this.state.everybody.map(({ id }) => id) });
    if (choice && await attempt(() => api.inviteToLink(this.room, this.state.link.id, choice.room.id))) {
      toast('person.invited', { name: choice.room.hostName });
    }
  }

  #battle() {
    const duration = Number($('#battle-select').value);
    return attempt(() => api.startBattle(this.room, this.state.link.id, duration));
  }

  async #end() {
    if (!(await ask('link.end-question', 'link.end', 'common.cancel', {}, { danger: true }))) return;
    await attempt(() => api.endLink(this.room, this.state.link.id));
  }

  // What is shown

  #render() {
    const { state } = this;
    const isPending = state.link?.state === 'pending' && state.link.requestedBy === this.room;
    const battles = ['running', 'punishment'].includes(state.battle?.state);
    show($('#link-idle'), !state.isLinked && !isPending);
    show($('#link-pending'), isPending);
    if (isPending) this.#showWaiting();
    else this.stopCounting?.();
    show($('#link-active'), state.isLinked);
    show($('#battle-controls'), !battles && !this.battles.asking);
    show($('#battle-end'), battles && this.room in state.link.battle.scores);
    show($('#link-invite'), state.everybody.length < MAX_ROOMS);
    $('#link-rooms').replaceChildren(...state.everybody.map((room) => el('li', { data: { test: 'link-room' } },
      avatar(room.hostName), el('div', { class: 'who' },
        el('strong', { text: room.hostName }),
        room.joined ? el('span', { text: room.title }) : el('span', { i18n: 'link.asked-state' })))));
  }
}
