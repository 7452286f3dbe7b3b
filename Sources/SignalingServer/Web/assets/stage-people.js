// Who is on stage, as a list with what may be done about each of them.

import { avatar, el, iconButton, show } from './ui.js';

export class StagePeople {
  constructor({ list, roster, standing, members, ...actions }) {
    Object.assign(this, { list, roster, standing, members, actions });
    for (const source of [roster, standing, members]) source.addEventListener('change', () => this.render());
    this.render();
  }

  render() {
    const focused = document.activeElement?.closest('#stage-people [data-test]')?.dataset;
    const key = focused && `[data-user-id="${focused.userId}"][data-test="${focused.test}"]`;
    this.list.replaceChildren(...this.roster.all.map((participant) => this.#entry(participant)));
    if (key) this.list.querySelector(key)?.focus();
  }

  #entry(participant) {
    const { userId, name, role, muted, camera, media } = participant;
    const admin = this.members.isAdmin(userId);
    const tools = this.standing.outranks({ userId, role, admin }) ? [
      this.#tool(participant, muted ? ['mic-off', 'stage.unmute'] : ['mic', 'stage.mute'], 'onMute', 'manage-mute'),
      media === 'video' && this.#tool(
        participant, camera ? ['cam', 'stage.camera-off'] : ['cam-off', 'stage.camera-on'], 'onCamera', 'manage-camera'),
      this.#tool(participant, ['user-minus', 'stage.remove'], 'onRemove', 'manage-remove'),
    ].filter(Boolean) : [];
    const facts = el('span', { i18n: `stage.${role === 'host' ? 'host' : admin ? 'admin' : 'cohost'}` });
    const silent = el('span', { class: 'label', i18n: 'stage.muted', data: { test: 'manage-muted' } });
    show(silent, muted);
    return el('li', { data: { userId, test: 'manage-person' } },
      avatar(name), el('div', { class: 'who' }, el('strong', { text: name }), facts), silent, ...tools);
  }

  #tool(participant, [name, label], action, test) {
    const button = iconButton(name, label, () => this.actions[action](participant), { test });
    button.dataset.userId = participant.userId;
    button.setAttribute('aria-description', participant.name);
    return button;
  }
}
