// What the room says of itself: title, cover, notice, category, tags.

import { api } from './api.js';
import { fillCategories } from './categories.js';
import { errorText } from './errors.js';
import { onLanguage, t } from './i18n.js';
import { $, show, toast } from './ui.js';

const SEPARATORS = /[,，、\s]+/;

export class RoomDetails {
  constructor(room, events) {
    this.room = room;
    this.form = $('#details-form');
    events
      .on('snapshot', ({ room: info }) => this.#fill(info))
      .on('room.updated', ({ room: info }) => this.#fill(info));
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.#save(); });
    this.form.addEventListener('input', () => { this.isEdited = true; });
    $('#detail-cover').addEventListener('input', () => this.#showCover());
    onLanguage(() => fillCategories($('#detail-category')));
    fillCategories($('#detail-category'), '');
  }

  /** What is being typed stays. */
  #fill({ title, cover, notice, category, tags }) {
    if (this.isEdited) return;
    $('#detail-title').value = title;
    $('#detail-cover').value = cover;
    $('#detail-notice').value = notice;
    $('#detail-tags').value = tags.join(' ');
    fillCategories($('#detail-category'), category);
    this.#showCover();
  }

  #showCover() {
    const picture = $('#cover-preview');
    const address = $('#detail-cover').value.trim();
    const usable = /^https:\/\/./.test(address);
    show(picture, usable);
    if (usable) picture.src = address;
  }

  async #save() {
    const title = $('#detail-title').value.trim();
    if (!title) return this.#refuse(t('error.title-empty'), $('#detail-title'));
    const tags = $('#detail-tags').value.trim().split(SEPARATORS).filter(Boolean);
    try {
      this.isEdited = false;
      await api.changeRoom(this.room, {
        title, tags, cover: $('#detail-cover').value.trim(), notice: $('#detail-notice').value.trim(),
        category: $('#detail-category').value,
      });
      show($('#details-error'), false);
      toast('common.saved');
    } catch (error) {
      this.isEdited = true;
      this.#refuse(errorText(error));
    }
  }

  #refuse(text, input = null) {
    $('#details-error').textContent = text;
    show($('#details-error'), true);
    input?.focus();
  }
}
