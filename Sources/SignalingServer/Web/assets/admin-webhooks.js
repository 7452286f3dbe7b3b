// Addresses that are told what happens, and how the last deliveries went.

import { showSecret } from './admin-keys.js';
import { facts, startList } from './admin-list.js';
import { operating } from './api.js';
import { errorText } from './errors.js';
import { t } from './i18n.js';
import { $, el, toast, toastText } from './ui.js';

export function startWebhooks() {
  return startList({
    list: '#webhooks', form: '#webhook-form', error: '#webhook-error', removeKey: 'common.remove',
    askKey: 'admin.remove-question',
    read: async () => (await operating.webhooks()).webhooks,
    line: (webhook) => [
      facts(webhook.url, webhook.events.join(', '), webhook.enabled ? null : webhook.reason), ...tools(webhook),
    ],
    remove: ({ id }) => operating.removeWebhook(id),
    add: async () => {
      const events = $('#webhook-events').value.split(/[,\s]+/).filter(Boolean);
      const { secret } = await operating.addWebhook($('#webhook-url').value.trim(), events);
      $('#webhook-url').value = '';
      showSecret('admin.new-webhook', secret);
    },
  });
}

function tools({ id }) {
  const log = el('ul', { class: 'deliveries list', hidden: true, data: { test: 'deliveries' } });
  const button = (key, test, work) => el('button', {
    type: 'button', class: 'small', i18n: key, data: { test }, on: { click: () => attempt(work) },
  });
  return [
    button('admin.test', 'webhook-test', async () => { await operating.testWebhook(id); toast('admin.tested'); }),
    button('admin.deliveries', 'webhook-log', async () => {
      log.hidden = !log.hidden;
      if (!log.hidden) log.replaceChildren(...(await operating.deliveries(id)).deliveries.map(delivery));
      if (!log.hidden && log.childElementCount === 0) log.append(el('li', { i18n: 'common.none' }));
    }),
    log,
  ];
}

/** In the order of the page: what, how it went, why not. */
function delivery({ type, state, attempts, status, reason }) {
  return el('li', {}, el('span', { class: 'grow', text: type }),
    el('span', { text: t('admin.attempts', { state, count: attempts }) }),
    el('span', { text: [status, reason].filter(Boolean).join(' ') }));
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    toastText(errorText(error), 'bad');
  }
}
