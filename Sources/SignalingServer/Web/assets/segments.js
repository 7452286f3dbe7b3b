// One choice of several, shown side by side: a radio group that the arrow keys move in.

import { el } from './ui.js';

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * Fills `group` with buttons. `choices`: `{value, content}` with nodes or a string key in `content`.
 * `onChoose(value)` decides; `show(value)` of the result moves the mark.
 */
export function segments(group, choices, onChoose, { test, className = '' }) {
  const buttons = choices.map(({ value, content }) => {
    const props = typeof content === 'string' ? { i18n: content } : {};
    const node = el('button', {
      type: 'button', class: className, ...props, data: { value, test: `${test}-${value || 'all'}` },
      attrs: { role: 'radio' }, on: { click: () => onChoose(value) },
    });
    if (Array.isArray(content)) node.append(...content);
    return node;
  });
  group.replaceChildren(...buttons);
  group.addEventListener('keydown', (event) => {
    const index = buttons.indexOf(event.target);
    const step = STEPS[event.key];
    if (!step || index < 0) return;
    event.preventDefault();
    const next = buttons[(index + step + buttons.length) % buttons.length];
    next.focus();
    onChoose(next.dataset.value);
  });
  const show = (value) => {
    for (const node of buttons) {
      const chosen = node.dataset.value === value;
      node.setAttribute('aria-checked', String(chosen));
      node.tabIndex = chosen ? 0 : -1;
    }
  };
  const enable = (on) => { for (const node of buttons) node.disabled = !on; };
  return { show, enable };
}
