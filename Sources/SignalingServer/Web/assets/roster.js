// Who is on stage, kept up to date from the events of a room.

export class Roster extends EventTarget {
  constructor(events) {
    super();
    this.people = new Map();
    events
      .on('snapshot', ({ participants }) => this.#replace(participants))
      .on('participant.joined', ({ participant }) => this.#put(participant))
      .on('participant.updated', ({ participant }) => this.#put(participant))
      .on('member.renamed', ({ userId, name }) => this.#rename(userId, name))
      .on('participant.left', ({ userId }) => { this.people.delete(userId); this.#changed(); });
  }

  /** The host first, then co-hosts in the order of their arrival. */
  get all() {
    const rank = ({ role }) => (role === 'host' ? 0 : 1);
    return [...this.people.values()].sort((one, other) => rank(one) - rank(other));
  }

  get(userId) {
    return this.people.get(userId);
  }

  clear() {
    this.#replace([]);
  }

  #replace(participants) {
    this.people = new Map(participants.map((participant) => [participant.userId, participant]));
    this.#changed();
  }

  #put(participant) {
    this.people.set(participant.userId, participant);
    this.#changed();
  }

  #rename(userId, name) {
    const participant = this.people.get(userId);
    if (participant) this.#put({ ...participant, name });
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
