import MediaControl
import MixCore
import Transport

/// Who is there: sessions that connect, fall silent, come back, take over from each other and end.
extension NetLoop {
  func setConnected(_ connected: Bool, _ session: NetSession) {
    guard session.isConnected != connected else { return }
    session.isConnected = connected
    emit(.sessionState(session.id, session.room, connected ? .connected : .disconnected))
    guard let room = rooms[session.room]?.mailbox else { return }
    switch session.kind {
    case .publisher(let user, let role, let decoder):
      // Silence changes nothing in the programme: it dims and covers old pictures by itself.
      guard connected else { return }
      if session.place != session.id {
        room.send(.join(user, role, session.id))
        tellFollowers(of: session, .guestJoined(user, session.id, controls(of: user, in: session.room)))
      }
      session.place = session.id
      decoder.restart()
    case .viewer:
      room.send(.viewerChanged(session.videoCodec, by: connected ? 1 : -1))
    case .stageReceiver:
      if connected { adaptStage(session, now: MonotonicClock.now()) }
    }
  }

  /// Ends older publications of `user`. His place in the programme stays until the new one connects, and is then its own.
  func takeOver(_ user: UserID, in room: RoomID, by id: SessionID) {
    for other in sessions(in: room) where other.publisher == user && other.id != id {
      sessions[id]?.place = other.place
      other.place = nil
      end(other, notifyPeer: true)
    }
  }

  /// Forgets a session and tells everybody who must know.
  func end(_ session: NetSession, notifyPeer: Bool) {
    guard unregister(session) else { return }
    if notifyPeer {
      session.rtc.close(now: MonotonicClock.now())
      flush(session)
    }
    leaveRoom(session)
    if let source = session.forwardedSource { updateForwarding(of: source, in: session.room) }
    emit(.sessionState(session.id, session.room, .closed))
  }

  private func leaveRoom(_ session: NetSession) {
    let wasConnected = session.isConnected
    session.isConnected = false
    guard let room = rooms[session.room]?.mailbox else { return }
    switch session.kind {
    case .publisher(let user, _, _):
      guard let place = session.place else { return }
      room.send(.leave(user, place))
      tellFollowers(of: session, .guestLeft(user, place))
      rooms[session.room]?.controls[user] = nil
    case .viewer:
      if wasConnected { room.send(.viewerChanged(session.videoCodec, by: -1)) }
    case .stageReceiver: break
    }
  }
}
