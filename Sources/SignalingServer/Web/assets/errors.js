// What a refusal says to people.

import { hasText, t } from './i18n.js';

const NETWORK = new Set(['offline', 'timeout']);

/** One sentence in the language of the page. `error` has the server's `code`, or a text's `key`. */
export function errorText(error) {
  if (error.key) return t(error.key);
  if (error instanceof TypeError || NETWORK.has(error.code)) return t('error.network');
  const key = `error.${error.code}`;
  return hasText(key) ? t(key) : t('error.generic', { reason: error.message });
}
