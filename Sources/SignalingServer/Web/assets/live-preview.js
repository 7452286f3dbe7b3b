// A look into a room while the pointer rests on its card.

import { el } from './ui.js';
import { Player } from './whep.js';

const REST_MS = 700;

/** Returns what ends it, for a card that is taken away under the pointer. */
export function previewOnHover(card, room) {
  if (!matchMedia('(hover: hover) and (pointer: fine)').matches) return () => {};
  let timer = null;
  let player = null;
  const begin = () => {
    const video = el('video', { muted: true, playsInline: true, class: 'live-preview' });
    card.querySelector('.cover').prepend(video);
    player = new Player({ room, element: video });
    player.start();
  };
  const end = () => {
    clearTimeout(timer);
    player?.stop();
    player?.element.remove();
    player = null;
  };
  card.addEventListener('pointerenter', () => { clearTimeout(timer); timer = setTimeout(begin, REST_MS); });
  card.addEventListener('pointerleave', end);
  return end;
}
