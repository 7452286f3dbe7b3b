// Who is admin of the room and who is muted, kept from the events for the menus.

export class Members {
  constructor(events) {
    this.admins = new Set();
    this.muted = new Set();
    events
      .on('snapshot', ({ admins = [], mutes = [] }) => {
        this.admins = fill(this.admins, admins);
        this.muted = fill(this.muted, mutes);
      })
      .on('admin.changed', ({ userId, admin }) => put(this.admins, userId, admin))
      .on('member.muted', ({ userId }) => this.muted.add(userId))
      .on('member.unmuted', ({ userId }) => this.muted.delete(userId));
  }
}

function fill(set, people) {
  for (const { userId } of people) set.add(userId);
  return set;
}

function put(set, value, present) {
  if (present) set.add(value);
  else set.delete(value);
}
