// The numbered places on stage: who sits where, what is free, what is locked.

import { bindText } from './i18n.js';
import { avatar, el, icon } from './ui.js';

export class SeatStrip {
  /** `onPick(seat)` makes seats buttons; `isUseful(seat)` says which of them do anything. */
  constructor({ list, events, roster, onPick = null, isUseful = () => true }) {
    Object.assign(this, { list, roster, onPick, isUseful });
    this.seats = [];
    events
      .on('snapshot', ({ seats }) => this.put(seats))
      .on('seats.changed', ({ seats }) => this.put(seats));
    roster.addEventListener('change', () => this.render());
  }

  put(seats) {
    this.seats = seats;
    this.render();
  }

  render() {
    const focused = document.activeElement?.dataset.seat;
    this.list.replaceChildren(...this.seats.map((seat) => el('li', {}, this.#seat(seat))));
    if (focused) this.list.querySelector(`[data-seat="${focused}"]`)?.focus();
  }

  #seat(seat) {
    const { index, state, userId } = seat;
    const person = this.roster.get(userId);
    const usable = this.onPick && this.isUseful(seat);
    const node = el(usable ? 'button' : 'div', {
      class: 'seat', data: { seat: index, state, test: `seat-${index}` },
    }, face(seat, person), el('span', { class: 'seat-name' }));
    const [key, params] = caption(seat, person);
    bindText(node.lastElementChild, key, params);
    if (!usable) return node;
    node.type = 'button';
    node.addEventListener('click', () => this.onPick(seat));
    bindText(node, `seat.${state === 'locked' ? 'unlock' : 'lock'}-label`, { index }, 'aria-label');
    return node;
  }
}

function face({ index, state }, person) {
  if (person) return avatar(person.name);
  if (index === 0) return el('span', { class: 'avatar vacant' }, icon('user'));
  return el('span', { class: 'avatar vacant' }, icon(state === 'locked' ? 'lock' : 'plus'));
}

function caption({ index, state }, person) {
  if (person) return ['seat.person', { name: person.name }];
  if (index === 0) return ['stage.host', {}];
  if (state === 'taken') return ['seat.promised', {}];
  return [`seat.${state}`, { index }];
}
