// Tabs: one of several panels is shown; arrow keys move between them.

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class Tabs {
  /** `list` holds buttons whose `aria-controls` names their panel. */
  constructor(list) {
    this.list = list;
    this.buttons = [...list.querySelectorAll('[role=tab]')];
    for (const button of this.buttons) {
      const panel = document.getElementById(button.getAttribute('aria-controls'));
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      button.addEventListener('click', () => this.select(button.id));
    }
    list.addEventListener('keydown', (event) => this.#step(event));
    this.select(this.buttons[0].id);
  }

  select(id) {
    this.selected = id;
    for (const button of this.buttons) {
      const chosen = button.id === id;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      document.getElementById(button.getAttribute('aria-controls')).hidden = !chosen;
    }
    this.#reveal(this.buttons.find((button) => button.id === id));
  }

  /** Sideways only: the page stays where it is. */
  #reveal(button) {
    const [room, own] = [this.list, button].map((node) => node.getBoundingClientRect());
    if (own.left < room.left) this.list.scrollLeft += own.left - room.left;
    else if (own.right > room.right) this.list.scrollLeft += own.right - room.right;
  }

  #step(event) {
    const index = this.buttons.indexOf(event.target);
    const step = STEPS[event.key];
    if (!step || index < 0) return;
    event.preventDefault();
    const next = this.buttons[(index + step + this.buttons.length) % this.buttons.length];
    next.focus();
    next.click();
  }
}
