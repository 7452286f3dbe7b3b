// What room admins and operators may do, beside the show: answer applicants, keep order on stage and in the chat.

import { api } from './api.js';
import { Applicants } from './applicants.js';
import { AudienceList } from './audience.js';
import { attempt } from './errors.js';
import { kick } from './person-menu.js';
import { RoomRules } from './room-rules.js';
import { SeatStrip } from './seats.js';
import { SentInvitations } from './sent-invitations.js';
import { StagePeople } from './stage-people.js';
import { Tabs } from './tabs.js';
import { $, show } from './ui.js';

/** Operators are not told of applications and invitations, so they ask. */
const OPERATOR_LOOK_MS = 5000;

/** Appears when this user may moderate the room, and goes with the right. */
export class ManagePanel {
  constructor({ room, view, seats }) {
    Object.assign(this, { room, view, seats });
    view.standing.addEventListener('change', () => this.#showRights());
    view.events.on('snapshot', () => { if (this.isOn && this.parts) this.#load(); });
  }

  close() {
    this.isClosed = true;
    this.#showRights();
  }

  #showRights() {
    const { moderates, isHost } = this.view.standing;
    const isOn = moderates && !isHost && !this.isClosed;
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    show($('#manage'), isOn);
    clearInterval(this.timer);
    if (!isOn) return this.#forget();
    this.parts ??= this.#build();
    this.#load();
    if (!this.view.standing.admin) this.timer = setInterval(() => this.#loadRequests(), OPERATOR_LOOK_MS);
  }

  #forget() {
    this.parts?.applicants.fill([]);
    this.parts?.invitations.fill([]);
  }

  #build() {
    const { room, view } = this;
    const { events, roster, standing, members } = view;
    const change = (user, controls) => attempt(() => api.setParticipant(room, user, controls));
    return {
      tabs: new Tabs($('#manage-tabs')),
      applicants: new Applicants(events, (application, answer, body) => (
        attempt(() => api.answerApplication(room, application.id, answer, body))), { isOn: () => this.isOn }),
      invitations: new SentInvitations({
        box: $('#sent-invitations'), room, me: view.me, events, isOn: () => this.isOn,
      }),
      people: new StagePeople({
        list: $('#stage-people'), roster, standing, members,
        onMute: ({ userId, muted }) => change(userId, { muted: !muted }),
        onCamera: ({ userId, camera }) => change(userId, { camera: !camera }),
        onRemove: (participant) => attempt(() => kick(room, participant)),
      }),
      seats: new SeatStrip({
        list: $('#manage-seats'), events, roster,
        isUseful: ({ index, state }) => index > 0 && state !== 'taken',
        onPick: ({ index, state }) => attempt(() => api.setSeat(room, index, state !== 'locked')),
      }),
      audience: new AudienceList({
        panel: $('#panel-audience'), tab: $('#tab-audience'), room, events, standing, menu: view.menu,
      }),
      rules: new RoomRules({ room, events, standing, members }),
      notice: this.#wireNotice(),
    };
  }

  /** What a snapshot tells only those who had the right already. */
  async #load() {
    const { room, view } = this;
    if (this.isLoading) return;
    this.isLoading = true;
    this.#loadRequests();
    const [info, people, silent] = await Promise.all([api.room(room), api.admins(room), api.mutes(room)])
      .catch(() => []);
    this.isLoading = false;
    if (!info || !this.isOn) return;
    view.standing.keep(info.settings);
    view.members.fill(people.admins, silent.mutes);
    this.parts.seats.put(this.seats.seats);
    this.#fillNotice(info);
  }

  async #loadRequests() {
    const answers = await Promise.all([api.applications(this.room), api.invitations(this.room)]).catch(() => null);
    if (!answers || !this.isOn) return;
    this.parts.applicants.fill(answers[0].applications);
    this.parts.invitations.fill(answers[1].invitations);
  }

  // The notice

  #wireNotice() {
    const field = $('#manage-notice');
    $('#notice-form').addEventListener('submit', async (event) => {
      event.preventDefault();
      const notice = field.value.trim();
      if (await attempt(() => api.changeRoom(this.room, { notice }), 'common.saved')) this.shownNotice = notice;
    });
    this.view.events.on('room.updated', ({ room }) => this.#fillNotice(room));
    this.shownNotice = field.value;
    return field;
  }

  /** What is being typed stays. */
  #fillNotice({ notice }) {
    const { notice: field } = this.parts;
    if (field.value !== this.shownNotice) return;
    field.value = notice;
    this.shownNotice = notice;
  }
}
