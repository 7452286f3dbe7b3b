// What a refusal says to people.

import { t } from './i18n.js';

const KEYS = {
  'application.too-often': 'cohost.fast',
  'application.queue-full': 'cohost.busy',
  'application.closed': 'error.answered',
  'invitation.closed': 'error.answered',
  'room.full': 'cohost.full',
  'room.ended': 'watch.ended',
  'room.unknown': 'watch.missing',
  'room.title': 'error.title-long',
  'chat.too-long': 'chat.long',
  'chat.too-often': 'chat.fast',
  'auth.forbidden': 'error.not-allowed',
  'output.url': 'error.output-url',
  'output.private': 'error.output-private',
  'output.unresolved': 'error.output-unresolved',
  'output.limit': 'error.output-limit',
  'media.unavailable': 'error.busy-server',
  offline: 'error.network',
  timeout: 'error.network',
};

/** One sentence in the language of the page. */
export function errorText(error) {
  const key = error.key ?? KEYS[error.code];
  if (key) return t(key);
  if (error instanceof TypeError) return t('error.network');
  return t('error.generic', { reason: error.message });
}
