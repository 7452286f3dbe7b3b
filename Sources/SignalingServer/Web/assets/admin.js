// The operators' page: the wall of rooms, banned users, keys and webhooks.

import { openAccountDialog, startAccountMenu } from './account.js';
import { startBans } from './admin-bans.js';
import { startKeys } from './admin-keys.js';
import { startRoomBans } from './admin-room-bans.js';
import { startWebhooks } from './admin-webhooks.js';
import { Wall } from './admin-wall.js';
import { api } from './api.js';
import { onLanguage, startI18n, t } from './i18n.js';
import { savedSession } from './session.js';
import { Tabs } from './tabs.js';
import { $, placeIcons, show } from './ui.js';

const titlePage = () => { document.title = `${t('admin.title')} · mixd`; };

async function isOperator() {
  if (!savedSession()) return false;
  const me = await api.me().catch(() => null);
  return me?.operator === true;
}

startI18n();
placeIcons();
startAccountMenu();
titlePage();
onLanguage(titlePage);
$('#sign-in').addEventListener('click', async () => { if (await openAccountDialog()) location.reload(); });
const allowed = await isOperator();
show($('#refused'), !allowed);
show($('#operating'), allowed);
if (allowed) {
  const tabs = new Tabs($('#tabs'));
  const wall = new Wall();
  onLanguage(() => wall.load());
  addEventListener('pageshow', ({ persisted }) => { if (persisted) wall.load(); });
  wall.load();
  const lists = {
    'tab-users': startBans(), 'tab-rooms': startRoomBans(), 'tab-keys': startKeys(), 'tab-webhooks': startWebhooks(),
  };
  for (const [id, load] of Object.entries(lists)) $(`#${id}`).addEventListener('click', load);
  lists[tabs.selected]?.();
}
