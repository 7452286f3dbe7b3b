import Signaling

extension JointModel {
  /// Nobody does anything any more: whatever is pending comes to its end by itself. Then all hosts are gone too.
  func settle() {
    passAllTime()
    for live in rooms where live.model.room.status != .ended {
      let room = live.model.room
      require(room.pending.isEmpty, "\(live.id): a request for ever")
      require(room.seats.allSatisfy { $0.state == .live || $0.role == .host }, "\(live.id): a seat promised for ever")
    }
    for link in links.book.open.values {
      require(link.state == .active && link.invitations.isEmpty, "\(link.id): a request for ever")
      require(link.proposal == nil && link.battle?.deadline == nil, "\(link.id): a battle for ever")
      require(link.members.allSatisfy { $0.absentUntil == nil }, "\(link.id): an absence for ever")
    }
    for place in rooms.indices { abandon(place) }
    passAllTime()
    require(rooms.allSatisfy { $0.model.room.status == .ended }, "a show without its host for ever")
    require(links.book.open.isEmpty, "a link without its hosts for ever")
  }

  /// Its host closes his page and his stream breaks off.
  private func abandon(_ place: Int) {
    let host = rooms[place].host
    while rooms[place].model.audience.sockets[host.id] != nil { attempt(.leave, in: place, by: host) }
    undergo(.stop, in: place) { room, now in room.publishStopped(by: host.id, .lost, at: now) }
  }

  private func passAllTime() {
    for _ in 0..<10_000 where violation == nil {
      comeToRest()
      guard let alarm = nextAlarm else { return }
      now = max(now, alarm)
      ring(alarm)
    }
    require(false, "time brings about something for ever")
  }

  private func comeToRest() {
    while takeTurn() {}
    checkAtRest()
  }
}
