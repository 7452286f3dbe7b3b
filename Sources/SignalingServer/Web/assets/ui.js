// Small DOM helpers. All text from people goes through textContent.

import { bindText, t } from './i18n.js';

export const $ = (selector, root = document) => root.querySelector(selector);

/**
 * Makes an element. `props`: `class`, `text`, `i18n` (a string key), `label` (a string key for
 * assistive technology), `on` (event → handler), `data`, `attrs`,
 * anything else is set as a property.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'class') node.className = value;
    else if (name === 'text') node.textContent = value;
    else if (name === 'i18n') bindText(node, value);
    else if (name === 'label') bindText(node, value, {}, 'aria-label');
    else if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name === 'attrs') for (const [key, text] of Object.entries(value)) node.setAttribute(key, text);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon of `icons.svg`, hidden from assistive technology: the button around it carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'use'));
  setIcon(svg, name);
  return svg;
}

/** The same one again would be fetched again, and be gone while the server cannot be reached. */
export function setIcon(svg, name) {
  const href = `/assets/icons.svg#${name}`;
  const use = svg.firstElementChild;
  if (use.getAttribute('href') !== href) use.setAttribute('href', href);
}

/** A round button with an icon; `label` is a string key and becomes tooltip and accessible name. */
export function iconButton(name, label, onClick, { test, className = 'icon-button' } = {}) {
  const button = el('button', { type: 'button', class: className, on: { click: onClick } }, icon(name));
  if (test) button.dataset.test = test;
  bindText(button, label, {}, 'title');
  bindText(button, label, {}, 'aria-label');
  return button;
}

/** Shows one of two icons and labels and tells assistive technology the state. */
export function setToggle(button, pressed, [onIcon, onLabel], [offIcon, offLabel]) {
  button.setAttribute('aria-pressed', String(pressed));
  setIcon($('svg', button), pressed ? onIcon : offIcon);
  const label = pressed ? onLabel : offLabel;
  bindText(button, label, {}, 'title');
  bindText(button, label, {}, 'aria-label');
  const caption = $('.caption', button);
  if (caption) bindText(caption, label);
}

/** Puts an icon into every element of the page marked `data-icon`. */
export function placeIcons(root = document) {
  for (const node of root.querySelectorAll('[data-icon]')) node.prepend(icon(node.dataset.icon));
}

export function show(node, visible) {
  node.hidden = !visible;
}

/** A short message at the bottom; read out by screen readers. */
export function toast(key, params = {}, kind = 'info') {
  toastText(t(key, params), kind);
}

const TOAST_MS = 6000;
const MAX_TOASTS = 3;

/** The same words again stay longer instead of standing there twice; the oldest give way to more than a few. */
export function toastText(text, kind = 'info') {
  const host = $('#toasts') ?? document.body.appendChild(el('div', { id: 'toasts', attrs: { 'aria-live': 'polite' } }));
  const shown = [...host.children];
  const node = shown.find((one) => one.textContent === text) ?? el('div', { text });
  node.className = `toast ${kind}`;
  host.append(node);
  clearTimeout(node.timer);
  node.timer = setTimeout(() => node.remove(), TOAST_MS);
  while (host.childElementCount > MAX_TOASTS) host.firstElementChild.remove();
}

/** `75` → `1:15`, `3675` → `1:01:15`. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** First letter of a name for a picture-less avatar; counts emoji and CJK as one. */
export function initial(name) {
  return [...(name ?? '').trim()][0]?.toUpperCase() ?? '·';
}

/** A stable hue for a name. */
export function hue(text) {
  let value = 0;
  for (const character of text ?? '') value = (value * 31 + character.codePointAt(0)) % 360;
  return value;
}

export function avatar(name, className = 'avatar') {
  const node = el('span', { class: className, text: initial(name), attrs: { 'aria-hidden': 'true' } });
  node.style.setProperty('--hue', hue(name));
  return node;
}

/** A number short enough for a badge: `1234` → `1.2k`, in Chinese `1.2万` from ten thousand on. */
export function shortNumber(value) {
  return new Intl.NumberFormat(document.documentElement.lang || 'en', {
    notation: 'compact', maximumFractionDigits: 1,
  }).format(value ?? 0);
}

/** Calls `tick(secondsLeft)` at once and then every second, last with 0; the result stops it. */
export function countDown(seconds, tick) {
  const end = Date.now() + seconds * 1000;
  let timer = null;
  const step = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (left === 0) clearInterval(timer);
    tick(left);
  };
  timer = setInterval(step, 500);
  step();
  return () => clearInterval(timer);
}
