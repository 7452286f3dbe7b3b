// Modal questions. Escape and the backdrop answer like the button that changes nothing.

import { bindText, t } from './i18n.js';
import { countDown, el } from './ui.js';

let lastId = 0;

/**
 * Shows what `fill(close)` returns in a modal dialog; resolves with the value given to `close`, or null.
 * `signal` (an AbortSignal) takes the question back.
 */
export function modal(fill, { signal = null, className = 'ask', test = 'dialog' } = {}) {
  return new Promise((resolve) => {
    const dialog = el('dialog', { class: className, data: { test } });
    let answer = null;
    const close = (value = null) => {
      if (!dialog.open) return;
      answer = value;
      dialog.close();
    };
    dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
    dialog.addEventListener('click', ({ target }) => { if (target === dialog) close(); });
    signal?.addEventListener('abort', () => close());
    const parts = fill(close);
    const heading = parts.find((node) => node?.matches?.('h2, .question'));
    if (heading) {
      heading.id ||= `dialog-title-${++lastId}`;
      dialog.setAttribute('aria-labelledby', heading.id);
    }
    dialog.append(...parts.filter(Boolean));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A paragraph or heading that follows the language. */
function bound(tag, className, key, params = {}) {
  const node = el(tag, { class: className });
  bindText(node, key, params);
  return node;
}

/** The same, or somebody's own words. */
const said = (tag, className, words) => (
  words.key ? bound(tag, className, words.key, words.params) : el(tag, { class: className, text: words }));

const button = (key, test, click, className = '') =>
  el('button', { type: 'button', class: className, i18n: key, data: { test }, on: { click } });

/**
 * A yes-no question; resolves to whether the first button was chosen, or null when `signal` took it back, or `seconds`,
 * which are counted down beside the other button, were over before an answer. `danger`: yes cannot be undone.
 */
export async function ask(
  key, yesKey, noKey, params = {}, { signal = null, seconds = null, detail = null, danger = false } = {},
) {
  let stop = () => {};
  let isOver = false;
  const answer = await modal((close) => {
    const no = button(noKey, 'dialog-no', () => close(false));
    const rest = el('span', { class: 'muted', data: { test: 'dialog-rest' }, attrs: { 'aria-hidden': 'true' } });
    const tick = (left) => {
      bindText(rest, 'common.seconds', { count: left });
      if (left > 0) return;
      isOver = true;
      close();
    };
    if (seconds) stop = countDown(seconds, tick);
    return [
      bound('p', 'question', key, params),
      detail ? el('p', { class: 'detail', text: detail }) : null,
      el('div', { class: 'row end' }, rest, no,
        button(yesKey, 'dialog-yes', () => close(true), danger ? 'danger' : 'primary')),
    ];
  }, { signal });
  stop();
  if (answer === null && (isOver || signal?.aborted)) return null;
  return answer === true;
}

/** Asks for a line of text, or `lines`, which may stay empty unless `required`; null when it was taken back. */
export function askText(
  key, yesKey,
  { params = {}, labelKey, max = 100, required = false, lines = false, presets = [], danger = false } = {},
) {
  return modal((close) => {
    const input = el(lines ? 'textarea' : 'input', { maxLength: max, required, autocomplete: 'off', data: { test: 'dialog-text' } });
    const form = el('form', { class: 'stack', attrs: { novalidate: '' } },
      bound('p', 'question', key, params),
      presets.length ? el('div', { class: 'chips' }, ...presets.map((preset) => el('button', {
        type: 'button', class: 'chip-button', i18n: preset,
        on: { click: () => { input.value = t(preset); input.focus(); } },
      }))) : null,
      el('label', { class: 'field' }, el('span', { i18n: labelKey }), input),
      el('div', { class: 'row end' },
        button('common.cancel', 'dialog-no', () => close()),
        el('button', {
          type: 'submit', class: danger ? 'danger' : 'primary', i18n: yesKey, data: { test: 'dialog-yes' },
        })));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (required && !input.value.trim()) input.focus();
      else close(input.value.trim());
    });
    return [form];
  });
}

/**
 * A list of actions; resolves with the `value` of the chosen one. Choices: `{value, key, params?, danger?}`. `title` and
 * `detail` are texts or `{key, params?}`; `note`: `{key, params}` of what is to be known first.
 */
export function choose(title, detail, choices, { note = null } = {}) {
  return modal((close) => [
    said('h2', '', title),
    detail && said('p', 'detail muted', detail),
    note ? bound('p', 'message', note.key, note.params) : null,
    el('div', { class: 'actions' }, ...choices.map(({ value, key, params = {}, danger = false }) => {
      const node = button(key, `choose-${value}`, () => close(value), danger ? 'danger-text' : '');
      bindText(node, key, params);
      return node;
    })),
    button('common.close', 'dialog-no', () => close(), 'wide quiet'),
  ], { className: 'ask sheet' });
}
