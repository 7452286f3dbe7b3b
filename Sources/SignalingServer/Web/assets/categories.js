// The categories that the pages offer; a room may have any other.

import { hasText, t } from './i18n.js';

export const CATEGORIES = ['chat', 'music', 'games', 'outdoor', 'learning', 'life'];

export function categoryText(category) {
  const key = `category.${category}`;
  return hasText(key) ? t(key) : category;
}

/** Fills a `<select>` with no category, the usual ones and, if it is another, `current`. */
export function fillCategories(select, current = select.value) {
  const values = ['', ...CATEGORIES];
  if (!values.includes(current)) values.push(current);
  select.replaceChildren(...values.map((value) => (
    new Option(value ? categoryText(value) : t('category.none'), value, false, value === current))));
}
