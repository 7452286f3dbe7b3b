"""What can be said of a page's looks without looking: what is cut, covered, too small to touch or too pale to read."""

from pages import Page

TOUCH = 40
"""Pixels that a finger needs, on a phone."""


def flaws(page: Page, touch: bool) -> list[str]:
    """Everything odd about what is shown now; of an open dialog only what is in it."""
    return page.driver.execute_script(FIND_FLAWS, TOUCH if touch else 0)


FIND_FLAWS = r"""
const least = arguments[0];
const found = [];
const root = document.querySelector('dialog[open]') ?? document.body;
const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  && node.getBoundingClientRect().width > 1;
const called = (node) => {
  const name = node.dataset.test ?? node.id ?? '';
  const text = (node.innerText ?? '').trim().replace(/\s+/g, ' ').slice(0, 30);
  const kind = name ? `[${name}]` : node.className ? `.${node.className}` : '';
  return `${node.tagName.toLowerCase()}${kind} “${text}”`;
};
const nodes = [...root.querySelectorAll('*')].filter((node) => !(node instanceof SVGElement) && shown(node));

const width = document.documentElement.scrollWidth;
if (width > innerWidth) found.push(`the page is ${width} wide, the window ${innerWidth}`);

const tools = nodes.filter((node) => node.matches('button, a[href], input, select, textarea, summary, label.check')
  && !node.matches('input[type=checkbox], input[type=radio]'));
for (const node of tools) {
  const box = node.getBoundingClientRect();
  const small = Math.min(box.width, box.height);
  const size = `${Math.round(box.width)}×${Math.round(box.height)}`;
  if (small < least && !node.matches('.from, p a')) found.push(`small: ${called(node)} ${size}`);
}
const scrolls = (node) => node && (/auto|scroll/.test(getComputedStyle(node).overflow) || scrolls(node.parentElement));
tools.forEach((one, index) => {
  for (const other of tools.slice(index + 1)) {
    if (one.contains(other) || other.contains(one) || scrolls(one) || scrolls(other)) continue;
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 2 && down > 2) found.push(`overlap: ${called(one)} and ${called(other)}`);
  }
});

for (const node of tools.concat(nodes.filter((one) => one.matches('table, pre, p, ul, ol, form')))) {
  const { left, right } = node.getBoundingClientRect();
  if ((left < -1 || right > innerWidth + 1) && !scrolls(node)) found.push(`outside: ${called(node)}`);
}

for (const node of tools.filter((one) => one.matches('button, .button'))) {
  const { left, right } = node.getBoundingClientRect();
  const parts = [...node.childNodes].map((part) => {
    const range = document.createRange();
    range.selectNode(part);
    return (part.nodeType === 1 ? part : range).getBoundingClientRect();
  });
  if (parts.some((part) => part.width > 1 && (part.left < left - 1 || part.right > right + 1))) {
    found.push(`hangs out: ${called(node)}`);
  }
}

const texts = nodes.filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()));
for (const node of texts) {
  const style = getComputedStyle(node);
  const cut = node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0;
  if (cut && style.overflowX !== 'auto' && style.overflowX !== 'scroll'
    && (style.textOverflow !== 'ellipsis' || node.matches('button, [role=tab]'))) found.push(`cut: ${called(node)}`);
  if (/^[a-z]+\.[a-z-]+$/.test(node.textContent.trim()) && !node.closest('code, table, pre, summary, .list')) {
    found.push(`no text: ${called(node)}`);
  }
}

const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const parse = (colour) => {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
};
const over = (top, below) => Object.fromEntries(['r', 'g', 'b'].map((part) => [
  part, top[part] * top.a + below[part] * (1 - top.a)]).concat([['a', 1]]));
const light = ({ r, g, b }) => [r, g, b].map((value) => value / 255)
  .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const ground = (node) => {
  const layers = [];
  for (let one = node; one; one = one.parentElement) {
    const style = getComputedStyle(one);
    if (style.backgroundImage !== 'none' || one.matches('.player, .tile, .cover')) return null;
    layers.push(parse(style.backgroundColor));
    if (layers.at(-1).a === 1) break;
  }
  if (layers.at(-1).a < 1) return null;
  return layers.reduceRight((below, layer) => over(layer, below));
};
for (const node of texts) {
  const below = ground(node);
  if (!below || node.closest(':disabled')) continue;
  const style = getComputedStyle(node);
  const [one, other] = [light(over(parse(style.color), below)), light(below)].sort((a, b) => b - a);
  const contrast = (one + 0.05) / (other + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700);
  if (contrast < (isLarge ? 3 : 4.5)) found.push(`pale: ${called(node)} ${contrast.toFixed(1)}`);
}
return [...new Set(found)];
"""
