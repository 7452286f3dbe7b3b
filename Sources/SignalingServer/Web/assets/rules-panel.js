// What the panel with a room's rules consists of: the same for the host in the studio and for admins beside the show.

import { bindText } from './i18n.js';
import { el, icon } from './ui.js';

const SLOW_SECONDS = [5, 10, 30, 60, 120];
const STAGE_SIZES = [2, 3, 4, 6, 8, 9, 12, 16];
const TIMEOUT_SECONDS = [10, 30, 60];

/** Fills `panel`. Who comes on stage is the host's own matter; what his room details have, others find here. */
export function buildRulesPanel(panel, { isHost }) {
  const muteAll = check('rule-mute-all', 'rules.mute-all');
  const slow = field('rules.slow', select('rule-slow',
    el('option', { value: '0', i18n: 'rules.off' }), ...inSeconds(SLOW_SECONDS)));
  panel.replaceChildren(announcement(), ...(isHost
    ? [check('rule-open', 'rules.open'), muteAll,
      el('div', { class: 'fields' }, slow,
        field('rules.stage', select('rule-stage', ...STAGE_SIZES.map((size) => new Option(size, size)))),
        field('rules.timeout', select('rule-timeout', ...inSeconds(TIMEOUT_SECONDS)))),
      words(), lists('admins', 'mutes', 'bans')]
    : [el('div', { class: 'fields rules' }, muteAll, slow),
      el('div', { class: 'fields' }, notice(), words()), lists('mutes', 'bans', 'admins')]));
}

function announcement() {
  const hint = 'rules.announce-hint';
  const input = textarea('announcement', hint, { maxLength: 300, label: hint });
  return form('announce-form', 'row', input, el('button', { type: 'submit', data: { test: 'announce' } },
    icon('megaphone'), el('span', { i18n: 'rules.announce' })));
}

function notice() {
  return form('notice-form', 'stack',
    field('details.notice', textarea('manage-notice', 'details.notice-hint', { maxLength: 300 })), save('save-notice'));
}

function words() {
  return form('words-form', 'stack',
    field('rules.words', textarea('rule-words', 'rules.words-hint')), save('save-words'));
}

function lists(...names) {
  return el('div', { class: 'fields lists' }, ...names.map((name) => el('div', { class: 'stack' },
    el('h2', { i18n: `rules.${name}` }),
    el('ul', { id: name, class: 'list', data: { test: name } }),
    el('p', { id: `${name}-none`, class: 'muted', i18n: 'common.none' }))));
}

const form = (id, className, ...parts) => el('form', { id, class: className, noValidate: true }, ...parts);

const field = (key, control) => el('label', { class: 'field' }, el('span', { i18n: key }), control);

const check = (id, key) => el('label', { class: 'check' },
  el('input', { type: 'checkbox', id, data: { test: id } }), el('span', { i18n: key }));

const select = (id, ...options) => el('select', { id, data: { test: id } }, ...options);

const inSeconds = (values) => values.map((value) => {
  const option = el('option', { value: String(value) });
  bindText(option, 'common.seconds', { count: value });
  return option;
});

function textarea(id, hint, props = {}) {
  const node = el('textarea', { id, ...props, data: { test: id } });
  bindText(node, hint, {}, 'placeholder');
  return node;
}

const save = (test) => el('div', { class: 'row end' },
  el('button', { type: 'submit', i18n: 'common.save', data: { test } }));
