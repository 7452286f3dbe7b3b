// The link between rooms as this room's clients know it.

/**
 * `link` is the link this room is in, or the request it has made, or null. Events: `change`; `result`, with the
 * link as it was, when a battle has just been decided: the link may be over with it.
 */
export class LinkState extends EventTarget {
  constructor(events, room) {
    super();
    Object.assign(this, { room, link: null, battleEnd: null });
    events
      .on('snapshot', ({ link }) => this.#put(link))
      .on('link.updated', ({ link }) => this.#put(link))
      .on('battle.requested', ({ link }) => this.#put(link))
      .on('battle.answered', ({ link }) => this.#put(link))
      .on('battle.score', ({ scores }) => this.#score(scores))
      .on('battle.over', ({ link }) => { this.#put(link); this.dispatchEvent(new CustomEvent('result', { detail: link })); });
  }

  get isLinked() { return this.link?.state === 'active'; }

  get battle() { return this.isLinked ? this.link.battle : null; }

  /** The rooms that are linked, the own one first. */
  get rooms() {
    const rank = ({ id }) => (id === this.room ? 0 : 1);
    return this.everybody.filter(({ joined }) => joined).sort((one, other) => rank(one) - rank(other));
  }

  /** With those who were asked and have not answered. */
  get everybody() {
    return this.link?.rooms ?? [];
  }

  get secondsLeft() {
    return this.battleEnd ? Math.max(0, Math.ceil((this.battleEnd - Date.now()) / 1000)) : 0;
  }

  score(room) {
    return this.battle?.scores[room] ?? 0;
  }

  #put(link) {
    const isOpen = link?.state === 'pending' || link?.state === 'active';
    const isHere = isOpen && link.rooms.some(({ id, joined }) => joined && id === this.room);
    this.link = isHere ? link : null;
    const { battle } = this;
    const isTimed = battle && battle.state !== 'over';
    this.battleEnd = isTimed ? Date.now() + battle.endsIn * 1000 : null;
    this.dispatchEvent(new Event('change'));
  }

  #score(scores) {
    if (!this.battle) return;
    this.link.battle.scores = scores;
    this.dispatchEvent(new Event('change'));
  }
}
