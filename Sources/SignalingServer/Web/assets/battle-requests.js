// A battle between linked rooms begins when all hosts want it: who is asked, who waits, and what was answered.

import { api } from './api.js';
import { ask } from './dialogs.js';
import { attempt } from './errors.js';
import { bindText } from './i18n.js';
import { $, clock, countDown, show, toast } from './ui.js';

export class BattleRequests {
  constructor({ room, events, state }) {
    Object.assign(this, { room, state, question: null, asker: '' });
    state.addEventListener('change', () => this.#follow());
    events.on('battle.answered', ({ answer }) => this.#tell(answer));
    $('#battle-cancel').addEventListener('click', () => attempt(() => api.endBattle(room, state.link.id)));
  }

  /** Who asks, or null. */
  get asking() {
    const { battleRequest } = this.state.link ?? {};
    return this.state.isLinked && battleRequest ? battleRequest : null;
  }

  #follow() {
    const request = this.asking;
    if (request) this.asker = this.#hostOf(request.roomId) ?? this.asker;
    const isAsked = Boolean(request?.waitingFor.includes(this.room));
    if (isAsked && !this.question && request.expiresIn > 0) this.#answer(request);
    if (!isAsked) this.#withdraw();
    this.#showWaiting(request?.roomId === this.room ? request : null);
  }

  async #answer({ roomId, duration, expiresIn }) {
    const { id } = this.state.link;
    const question = new AbortController();
    this.question = question;
    const name = this.#hostOf(roomId) ?? '';
    const accepted = await ask('battle.asked', 'link.accept', 'link.reject', { name, time: clock(duration) }, {
      signal: question.signal, seconds: expiresIn,
    });
    if (accepted !== null) await attempt(() => api.answerBattle(this.room, id, accepted ? 'accept' : 'reject'));
    if (this.question === question) this.question = null;
  }

  /** The next one may come at once. */
  #withdraw() {
    this.question?.abort();
    this.question = null;
  }

  #showWaiting(request) {
    this.stopCounting?.();
    show($('#battle-pending'), Boolean(request));
    if (!request) return;
    bindText($('#battle-waiting'), 'battle.waiting', { time: clock(request.duration) });
    this.stopCounting = countDown(request.expiresIn, (left) => {
      bindText($('#battle-remaining'), 'common.seconds', { count: left });
    });
  }

  #hostOf(roomId) {
    return this.state.everybody.find(({ id }) => id === roomId)?.hostName;
  }

  #tell({ roomId, state, reason }) {
    // Of one that nobody has answered it says who had asked.
    if (state === 'expired') return toast('battle.answer-expired');
    if (roomId === this.room) return;
    // Who asked and left is not in the link any more.
    const name = this.#hostOf(roomId) ?? this.asker;
    if (reason === 'link.ended') toast('battle.answer-left', { name });
    else if (state === 'rejected' && reason) toast('battle.rejected-because', { name, reason });
    else toast(`battle.answer-${state}`, { name });
  }
}
