// What a show has come to as far as only the page counts it, kept over a reload.

const STORE = 'mixd.show.';

export class ShowFigures {
  constructor(room, events) {
    this.key = STORE + room;
    this.values = { viewers: 0, gifts: 0, liveSince: null, ...this.#stored() };
    events
      .on('snapshot', ({ room: { viewers } }) => this.#seen(viewers))
      .on('viewer.count', ({ viewers }) => this.#seen(viewers))
      .on('gift', ({ count }) => this.#keep({ gifts: this.values.gifts + count }));
  }

  /** Most of them at once. */
  get viewers() { return this.values.viewers; }

  get gifts() { return this.values.gifts; }

  /** Seconds since the host went live for the first time. */
  get duration() {
    const { liveSince } = this.values;
    return liveSince ? (Date.now() - liveSince) / 1000 : 0;
  }

  goLive() {
    if (!this.values.liveSince) this.#keep({ liveSince: Date.now() });
  }

  forget() {
    sessionStorage.removeItem(this.key);
  }

  #seen(viewers) {
    if (viewers > this.values.viewers) this.#keep({ viewers });
  }

  #keep(change) {
    Object.assign(this.values, change);
    sessionStorage.setItem(this.key, JSON.stringify(this.values));
  }

  #stored() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }
}
