// Two languages, chosen by the browser and switchable at any time without a reload (a reload would end a broadcast).

import { strings } from './strings/all.js';

const STORE = 'mixd.language';
const LANGUAGES = ['zh', 'en'];
const listeners = new Set();
let language = initialLanguage();

function initialLanguage() {
  const stored = localStorage.getItem(STORE);
  if (LANGUAGES.includes(stored)) return stored;
  return (navigator.language ?? 'en').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const currentLanguage = () => language;

/** Day and time as they are written in the language of the page. */
export const dateText = (date) => new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', {
  dateStyle: 'medium', timeStyle: 'short',
}).format(new Date(date));

/** The text of `key`, with `{name}` replaced from `params`. */
export function t(key, params = {}) {
  const text = strings[key]?.[LANGUAGES.indexOf(language)] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
}

export const hasText = (key) => key in strings;

/** Sets text (or an attribute) that follows the language from now on. */
export function bindText(node, key, params = {}, attribute = null) {
  const name = attribute ? `i18n-${attribute}` : 'i18n';
  node.setAttribute(`data-${name}`, key);
  node.setAttribute(`data-${name}-params`, JSON.stringify(params));
  put(node, t(key, params), attribute);
}

/** Text that is not translated (a name, a number): forgets an earlier `bindText`. */
export function plainText(node, text, attribute = null) {
  node.removeAttribute(attribute ? `data-i18n-${attribute}` : 'data-i18n');
  put(node, text, attribute);
}

function put(node, text, attribute) {
  if (attribute) node.setAttribute(attribute, text);
  else node.textContent = text;
}

const ATTRIBUTES = ['placeholder', 'title', 'aria-label'];

function translatePage() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const attribute of [null, ...ATTRIBUTES]) {
    const name = attribute ? `data-i18n-${attribute}` : 'data-i18n';
    for (const node of document.querySelectorAll(`[${name}]`)) {
      const params = JSON.parse(node.getAttribute(`${name}-params`) ?? '{}');
      put(node, t(node.getAttribute(name), params), attribute);
    }
  }
}

export function setLanguage(next) {
  language = next;
  localStorage.setItem(STORE, next);
  translatePage();
  for (const listener of listeners) listener(next);
}

export function onLanguage(listener) {
  listeners.add(listener);
}

/** Translates the page and wires its `#language` switch. */
export function startI18n() {
  translatePage();
  const button = document.querySelector('#language');
  button?.addEventListener('click', () => setLanguage(language === 'zh' ? 'en' : 'zh'));
}
