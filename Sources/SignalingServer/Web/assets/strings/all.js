// The texts of all pages in one table: key → [Chinese, English].

import account from './account.js';
import admin from './admin.js';
import common from './common.js';
import error from './error.js';
import failure from './failure.js';
import link from './link.js';
import lobby from './lobby.js';
import room from './room.js';
import studio from './studio.js';
import watch from './watch.js';

export const strings = {
  ...common, ...error, ...failure, ...account, ...lobby, ...room, ...link, ...studio, ...watch, ...admin,
};
