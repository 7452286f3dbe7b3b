// What a refusal says to people.

import { bindText, hasText, t } from './i18n.js';
import { show } from './ui.js';

const NETWORK = new Set(['offline', 'timeout']);

/** The text of an error and its parameters. `error` has the server's `code`, or a text's `key`. */
export function errorKey(error) {
  if (error.key) return [error.key, {}];
  if (error instanceof TypeError || NETWORK.has(error.code)) return ['error.network', {}];
  const key = `error.${error.code}`;
  return hasText(key) ? [key, {}] : ['error.generic', { reason: error.message }];
}

/** One sentence in the language of the page. */
export const errorText = (error) => t(...errorKey(error));

/** Shows the error in an element of the page, where it follows the language. */
export function putError(node, error) {
  bindText(node, ...errorKey(error));
  show(node, true);
}
