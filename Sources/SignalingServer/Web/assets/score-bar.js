// The battle over the picture: a bar of scores, the time left, and who has won.

import { bindText, t } from './i18n.js';
import { clock, el, shortNumber, show } from './ui.js';

const RESULT_MS = 8000;

export class ScoreBar {
  constructor(node, linkState) {
    Object.assign(this, { node, state: linkState });
    this.bar = el('div', { class: 'score-parts', data: { test: 'score-parts' }, attrs: { role: 'img' } });
    this.time = el('span', { class: 'badge battle-time', data: { test: 'battle-time' }, attrs: { role: 'timer' } });
    this.result = el('div', {
      class: 'battle-result', hidden: true, data: { test: 'battle-result' }, attrs: { role: 'status' },
    });
    node.append(this.bar, this.time, this.result);
    linkState.addEventListener('change', () => this.#render());
    linkState.addEventListener('result', ({ detail }) => this.#showResult(detail));
    setInterval(() => this.#showTime(), 500);
    this.#render();
  }

  #render() {
    const { state } = this;
    this.node.dataset.battle = state.battle?.state ?? 'none';
    show(this.bar, state.isLinked);
    show(this.time, state.isLinked);
    this.#showNode();
    if (!state.isLinked) return;
    const total = state.rooms.reduce((sum, { id }) => sum + state.score(id), 0);
    this.bar.replaceChildren(...state.rooms.map((room, index) => this.#part(room, index, total)));
    bindText(this.bar, state.battle ? 'battle.scores' : 'link.between', { scores: this.#inWords() }, 'aria-label');
    this.#showTime();
  }

  /** Who has won is to be read also after the link has ended with the battle. */
  #showNode() {
    show(this.node, this.state.isLinked || !this.result.hidden);
  }

  /** “Ann 12, Lee 3”, as long as there are scores. */
  #inWords() {
    const { battle, rooms } = this.state;
    return rooms.map((room) => (battle ? `${room.hostName} ${this.state.score(room.id)}` : room.hostName)).join(', ');
  }

  /** Nobody's part vanishes, however far behind. */
  #part(room, index, total) {
    const score = this.state.score(room.id);
    const share = total > 0 ? score / total : 1 / this.state.rooms.length;
    const node = el('div', { class: 'score-part', data: { room: room.id, part: index, test: 'score' } },
      el('span', { class: 'score-name', text: room.hostName }));
    if (this.state.battle) node.append(el('b', { text: shortNumber(score) }));
    node.style.flexGrow = String(0.25 + share);
    return node;
  }

  #showTime() {
    const { battle } = this.state;
    const key = battle ? `battle.${battle.state}` : 'link.linked';
    bindText(this.time, key, { time: clock(this.state.secondsLeft) });
  }

  #showResult({ battle, rooms }) {
    if (!battle) return;
    const winner = rooms.find(({ id }) => id === battle.winner);
    const key = !battle.winner ? 'battle.draw' : battle.winner === this.state.room ? 'battle.won' : 'battle.lost';
    this.result.textContent = t(key, { name: winner?.hostName ?? '' });
    show(this.result, true);
    clearTimeout(this.timer);
    this.#showNode();
    this.timer = setTimeout(() => {
      show(this.result, false);
      this.#showNode();
    }, RESULT_MS);
  }
}
