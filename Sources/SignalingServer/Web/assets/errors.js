// What a refusal says to people.

import { bindText, hasText, plainText, t } from './i18n.js';
import { show, toast, toastText } from './ui.js';

const NETWORK = new Set(['offline', 'timeout']);
const UNANSWERED = new Set(['TimeoutError', 'AbortError']);

/** The text of an error and its parameters. `error` has the server's `code`, or a text's `key`. */
export function errorKey(error) {
  if (error.key) return [error.key, {}];
  const because = `error.${error.code}-because`;
  if (error.reason && hasText(because)) return [because, { reason: error.reason }];
  const isNetwork = error instanceof TypeError || NETWORK.has(error.code) || UNANSWERED.has(error.name);
  return isNetwork ? ['error.network', {}] : codeText(error.code) ?? ['error.generic', { reason: error.message }];
}

/** The text of a code, or of all codes of its area: `sdp.*`. */
function codeText(code = '') {
  const area = `error.${String(code).split('.')[0]}.*`;
  return [`error.${code}`, area].filter(hasText).map((key) => [key, {}])[0] ?? null;
}

/** Why a session is not there: what the server puts it off with, or `otherwise`, a key. */
export const obstacleKey = ({ obstacle }, otherwise) => (obstacle ? errorKey(obstacle) : [otherwise, {}]);

/** What the server says of something that failed by itself, as “output.refused: The server …”. */
export function putReason(node, reason) {
  const [, code, message] = /^([a-z-]+\.[a-z0-9-]+): (.*)$/s.exec(reason ?? '') ?? [];
  const known = code && codeText(code);
  if (known) bindText(node, ...known);
  else plainText(node, message ?? reason ?? '');
  node.title = known ? message : '';
}

/** One sentence in the language of the page. */
export const errorText = (error) => t(...errorKey(error));

/** Shows the error in an element of the page, where it follows the language. */
export function putError(node, error) {
  bindText(node, ...errorKey(error));
  show(node, true);
}

/** Does `work` and says `doneKey`; resolves with the server's answer, or with null when it refused, which is shown. */
export async function attempt(work, doneKey = null) {
  try {
    const answer = await work();
    if (doneKey) toast(doneKey);
    return answer ?? {};
  } catch (error) {
    toastText(errorText(error), 'bad');
    return null;
  }
}
