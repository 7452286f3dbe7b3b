// Addresses that are told what happens: add, change, switch off, try, and how deliveries went.

import { deliveryLog } from './admin-deliveries.js';
import { showSecret } from './admin-keys.js';
import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { modal } from './dialogs.js';
import { attempt, putError, putReason } from './errors.js';
import { $, el } from './ui.js';

export function startWebhooks() {
  return startList({
    list: '#webhooks', form: '#webhook-form', error: '#webhook-error', removeKey: 'common.remove',
    askKey: 'admin.remove-question',
    read: async () => ({ entries: (await operating.webhooks()).webhooks }),
    line: (webhook, actions) => [facts(webhook.url, ...details(webhook)), ...tools(webhook, actions)],
    remove: ({ id }) => operating.removeWebhook(id),
    add: async () => {
      const events = words($('#webhook-events').value);
      const { secret } = await operating.addWebhook($('#webhook-url').value.trim(), events);
      $('#webhook-url').value = '';
      showSecret('admin.new-webhook', secret);
    },
  });
}

const words = (text) => text.split(/[,，、\s]+/).filter(Boolean);

function details({ events, rooms, enabled, reason }) {
  const off = el('span', { class: 'off', i18n: 'admin.switched-off', data: { test: 'webhook-off' } });
  const why = el('span');
  if (reason) putReason(why, reason);
  return [events.join(', '), rooms?.join(', '), ...(enabled ? [] : [off, reason ? why : null])];
}

function tools(webhook, { reload, removal }) {
  const { id, enabled } = webhook;
  const log = deliveryLog(id);
  const button = (key, test, work) => el('button', {
    type: 'button', class: 'small', i18n: key, data: { test }, on: { click: work },
  });
  return [
    button('admin.edit', 'webhook-edit', async () => { if (await editWebhook(webhook)) reload(); }),
    button(enabled ? 'admin.switch-off' : 'admin.switch-on', 'webhook-switch', async () => {
      if (await attempt(() => operating.changeWebhook(id, { enabled: !enabled }), 'common.saved')) reload();
    }),
    button('admin.test', 'webhook-test', async () => {
      if (await attempt(() => operating.testWebhook(id), 'admin.tested')) log.refresh();
    }),
    button('admin.deliveries', 'webhook-log', () => log.toggle()),
    removal,
    log.node,
  ];
}

// Changing one

function editWebhook({ id, url, events, rooms = [] }) {
  return modal((close) => {
    const field = (name, label, value, hint) => el('label', { class: 'field' }, el('span', { i18n: label }),
      el('input', { name, value, autocomplete: 'off', spellcheck: false, data: { test: `edit-${name}` } }),
      hint ? el('small', { class: 'muted', i18n: hint }) : null);
    const problem = el('p', { class: 'error', hidden: true, attrs: { role: 'alert' }, data: { test: 'edit-error' } });
    const form = el('form', { class: 'stack', attrs: { novalidate: '' } },
      el('h2', { i18n: 'admin.edit-webhook' }),
      field('url', 'admin.webhook-url', url), field('events', 'admin.webhook-events', events.join(', ')),
      field('rooms', 'admin.webhook-rooms', rooms.join(', '), 'admin.webhook-rooms-hint'),
      problem,
      el('div', { class: 'row end' },
        el('button', { type: 'button', i18n: 'common.cancel', on: { click: () => close() } }),
        el('button', { type: 'submit', class: 'primary', i18n: 'common.save', data: { test: 'edit-save' } })));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const values = new FormData(form);
      try {
        close(await operating.changeWebhook(id, {
          url: values.get('url').trim(), events: words(values.get('events')), rooms: words(values.get('rooms')),
        }));
      } catch (error) {
        putError(problem, error);
      }
    });
    return [form];
  }, { className: 'ask wide-dialog', test: 'edit-webhook' });
}
