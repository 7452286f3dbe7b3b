// What host and audience see alike of a room: people, chat, danmaku, likes, gifts, seats, links.

import { ChatPanel } from './chat.js';
import { Danmaku } from './danmaku.js';
import { RoomEvents } from './events.js';
import { Gifts } from './gifts.js';
import { bindText, plainText, t } from './i18n.js';
import { Likes } from './likes.js';
import { LinkState } from './link-state.js';
import { Members } from './members.js';
import { PersonMenu } from './person-menu.js';
import { Roster } from './roster.js';
import { ScoreBar } from './score-bar.js';
import { Standing } from './standing.js';
import { $, setToggle, shortNumber, show } from './ui.js';

/** The id of the room in the page's address; what cannot be decoded stays as it is and names no room. */
export function roomInAddress() {
  const id = location.pathname.split('/')[2] ?? '';
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

export class RoomView {
  /** `audience`: this page may give likes. */
  constructor(room, session, { audience = false } = {}) {
    const events = new RoomEvents(room);
    Object.assign(this, { room, events, me: session.userId });
    this.standing = new Standing(events, session.userId);
    this.roster = new Roster(events);
    this.members = new Members(room, events, this.standing);
    this.link = new LinkState(events, room);
    this.scoreBar = new ScoreBar($('#score-bar'), this.link);
    this.gifts = new Gifts(events, { banners: $('#gift-banners') });
    this.chat = new ChatPanel($('#chat'), { room, events, standing: this.standing, gifts: this.gifts });
    this.likes = new Likes({ events, layer: $('#hearts'), counter: $('#like'), target: $('#player'), takes: audience });
    this.danmaku = new Danmaku($('#danmaku'), events, session.userId);
    this.menu = new PersonMenu({ room, standing: this.standing, roster: this.roster, members: this.members });
    this.#wire();
  }

  #wire() {
    this.events
      .on('snapshot', ({ room }) => this.showRoom(room))
      .on('room.updated', ({ room }) => this.showRoom(room))
      .on('viewer.count', ({ viewers }) => this.#showViewers(viewers));
    this.chat.addEventListener('person', ({ detail }) => this.menu.open(detail));
    this.#wireDanmaku();
  }

  #wireDanmaku() {
    const button = $('#toggle-danmaku');
    const opacity = $('#danmaku-opacity');
    const showState = () => {
      setToggle(button, this.danmaku.isOn, ['danmaku', 'danmaku.on'], ['danmaku-off', 'danmaku.off']);
      if (opacity) opacity.disabled = !this.danmaku.isOn;
    };
    button.addEventListener('click', () => { this.danmaku.change({ on: !this.danmaku.isOn }); showState(); });
    showState();
    if (!opacity) return;
    opacity.value = this.danmaku.opacity;
    opacity.addEventListener('input', () => this.danmaku.change({ opacity: Number(opacity.value) }));
  }

  showRoom(room) {
    this.info = room;
    plainText($('#room-title'), room.title);
    $('#player').classList.toggle('portrait', room.video.height > room.video.width);
    plainText($('#room-notice-text'), room.notice);
    show($('#room-notice'), Boolean(room.notice));
    this.#showViewers(room.viewers);
  }

  #showViewers(count) {
    bindText($('#viewers'), 'stats.viewers', { count: shortNumber(count) });
    show($('#viewers'), true);
  }

  titlePage(prefix = '') {
    document.title = [prefix || this.info?.title, prefix && this.info?.title, 'mixd'].filter(Boolean).join(' · ');
  }

  /** Says something in the chat that only this page knows. */
  tell(key, params = {}) {
    this.chat.say(t(key, params));
  }
}
