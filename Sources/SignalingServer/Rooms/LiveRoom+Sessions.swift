import Logging
import MediaControl
import Signaling

/// What WHIP and WHEP answer with.
struct OpenedSession: Sendable {
  let id: SessionID
  let tag: String
  let answer: String
}

extension LiveRoom {
  /// A user publishes; an older publication of his gives way as soon as the worker has taken the new one. A page that
  /// only goes on, after its connection was lost, has nothing to take over from another one.
  func publish(
    by caller: Caller, from page: PublishingPage, offer: String, address: String
  ) async throws(APIError) -> OpenedSession {
    guard let person = caller.person else { throw .userNeeded }
    try checked { room, now throws(SignalingError) in try room.requirePublishing(person, at: now) }
    try await openMedia()
    try requireGood(caller)
    let older = sessions.values.filter { $0.kind == .publisher && $0.user == person.id }
    if older.contains(where: page.yields(to:)) { throw .sessionReplaced }
    let session = MediaSession(
      id: .random(), kind: .publisher, caller: caller, address: address, page: page.name)
    // Known before the first pause: whoever is removed or banned meanwhile must be found.
    sessions[session.id] = session
    do throws(APIError) {
      let opened = try await open(session, publication(session.id, of: person, offer))
      // Not before the worker has taken it: nobody hears of an offer that is none.
      try await change { room, now throws(SignalingError) in try room.publishStarted(by: person, at: now) }
      guard sessions[session.id] != nil else { throw gone(session.id, .whip, of: person.id) }
      await replace(older)
      return opened
    } catch {
      await closeSessions { $0.id == session.id }
      await publisherClosed(session, .lost)
      // What he published before goes on.
      if older.contains(where: { sessions[$0.id]?.isSilent == false }) {
        try await carryOut(room.connectionRestored(of: person.id, at: now))
      }
      throw error
    }
  }

  private func publication(_ session: SessionID, of person: Person, _ offer: String) -> MediaCommand {
    let role: ParticipantRole = room.role(of: person.id) == .host ? .host : .cohost
    let wanted = room.seat(of: person.id)?.isSoundOnly == true ? SoundOnly.offer(offer) : offer
    return .openPublisher(session, id, UserID(rawValue: person.id), role, offer: wanted)
  }

  /// Their user publishes anew. The worker may have ended them already, and have said so.
  private func replace(_ older: [MediaSession]) async {
    for session in older where sessions[session.id] != nil { noteReplaced(session) }
    await closeSessions { session in older.contains { $0.id == session.id } }
  }

  /// Its user has published anew, perhaps from another page. All his pages hear which of them it was.
  private func noteReplaced(_ session: MediaSession) {
    replaced.note(session)
    var message = EventMessage("session.replaced")
    message.id = session.id.rawValue
    if let user = session.user { tell(.users([user]), message) }
  }

  private func isPublishing(_ user: String) -> Bool {
    sessions.values.contains { $0.kind == .publisher && $0.user == user }
  }

  /// The worker has ended a publication, which is forgotten.
  func publicationEnded(_ session: MediaSession) async {
    if let user = session.user, isPublishing(user) { noteReplaced(session) }
    await publisherClosed(session, .lost)
  }

  /// Somebody watches the programme.
  func watch(by caller: Caller?, offer: String, address: String) async throws(APIError) -> OpenedSession {
    try checked { room, now throws(SignalingError) in try room.requireEntry(caller?.person, at: now) }
    try requireGood(caller)
    let (viewers, address) = (sessions.values.filter { $0.kind == .viewer }, AddressGroup.of(address))
    guard viewers.count < environment.limits.viewersPerRoom,
      viewers.count(where: { $0.address == address }) < environment.limits.viewersPerAddress
    else { throw .viewersFull }
    let session = MediaSession(id: .random(), kind: .viewer, caller: caller, address: address)
    sessions[session.id] = session
    return try await openReceiver(session, .openViewer(session.id, id, offer: offer))
  }

  /// A participant receives another one.
  ///
  /// `height` is that of the tile in which he shows him, in pixels.
  func receive(
    _ source: String, height: Int?, by caller: Caller, offer: String, address: String
  ) async throws(APIError) -> OpenedSession {
    guard let person = caller.person else { throw .userNeeded }
    try requireReceiving(source, by: person)
    try requireGood(caller)
    let session = MediaSession(id: .random(), kind: .stage(source: source), caller: caller, address: address)
    sessions[session.id] = session
    await closeSessions { $0.kind == session.kind && $0.user == person.id && $0.id != session.id }
    guard sessions[session.id] != nil else { throw .sessionUnknown }
    let (receiver, sender) = (UserID(rawValue: person.id), UserID(rawValue: source))
    let command = MediaCommand.openStageReceiver(session.id, id, receiver: receiver, source: sender, offer: offer)
    let opened = try await openReceiver(session, command)
    if let height { _ = try? await perform(.setStageTile(session.id, height: height)) }
    return opened
  }

  private func openReceiver(_ session: MediaSession, _ command: MediaCommand) async throws(APIError) -> OpenedSession {
    do throws(APIError) {
      try await openMedia()
      return try await open(session, command)
    } catch {
      sessions[session.id] = nil
      closeMediaWhenUnused()
      throw error
    }
  }

  private func open(_ session: MediaSession, _ command: MediaCommand) async throws(APIError) -> OpenedSession {
    guard case .session(let answer) = try await perform(command) else { throw .mediaUnavailable }
    // While the worker answered, the user may have been removed, or have opened another session.
    guard sessions[session.id] != nil else {
      _ = try? await environment.media.perform(.closeSession(session.id))
      throw gone(session.id, session.endpoint, of: session.user)
    }
    return OpenedSession(id: session.id, tag: session.tag, answer: answer)
  }

  /// Trickled candidates or an ICE restart. The answer is empty when there is nothing to say.
  func patch(
    _ id: SessionID, endpoint: SessionEndpoint, by caller: String?, if condition: EntityCondition?, fragment: String
  ) async throws(APIError) -> (fragment: String, tag: String) {
    let session = try session(id, endpoint, of: caller)
    if let condition, !condition.admits(session.tag) { throw .sessionChanged }
    guard case .fragment(let answer) = try await perform(.patchSession(id, fragment: fragment)) else {
      throw .mediaUnavailable
    }
    if !answer.isEmpty { sessions[id]?.tag = RandomName.make() }
    return (answer, sessions[id]?.tag ?? session.tag)
  }

  func close(_ id: SessionID, endpoint: SessionEndpoint, by caller: String?) async throws(APIError) {
    let session = try session(id, endpoint, of: caller)
    await closeSessions { $0.id == id }
    if session.kind == .publisher { await publisherClosed(session, .left) }
  }

  private func session(
    _ id: SessionID, _ endpoint: SessionEndpoint, of caller: String?
  ) throws(APIError) -> MediaSession {
    guard let session = sessions[id], session.endpoint == endpoint, session.belongs(to: caller) else {
      throw gone(id, endpoint, of: caller)
    }
    return session
  }

  /// Why a session is not there any more.
  private func gone(_ id: SessionID, _ endpoint: SessionEndpoint, of caller: String?) -> APIError {
    replaced.contains(id, endpoint, of: caller) ? .sessionReplaced : .sessionUnknown
  }

  /// Forgets sessions and ends them in the worker. Says nothing to the rules of the room.
  func closeSessions(where matches: (MediaSession) -> Bool) async {
    let doomed = sessions.values.filter(matches)
    for session in doomed { forget(session) }
    for session in doomed { _ = try? await environment.media.perform(.closeSession(session.id)) }
    closeMediaWhenUnused()
  }

  /// Somebody receives the programme now, and is one of the audience as long as he does.
  func countViewer(_ session: MediaSession) {
    guard session.kind == .viewer, !session.isCounted else { return }
    sessions[session.id]?.countedSince = now
    room.startWatching(session.viewer, at: now)
    setAlarm()
  }

  func forget(_ session: MediaSession) {
    guard let known = sessions.removeValue(forKey: session.id), known.isCounted else { return }
    room.stopWatching(known.viewer, at: now)
    setAlarm()
  }

  /// The worker or the client ended a publication, unless a newer one has taken its place.
  func publisherClosed(_ session: MediaSession, _ reason: LeaveReason) async {
    sessions[session.id] = nil
    guard let user = session.user, !isPublishing(user) else { return }
    wishes[user] = nil
    do {
      try await carryOut(room.publishStopped(by: user, reason, at: now))
    } catch {
      environment.logger.error("Leaving failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  func checked(_ rule: (Room, Instant) throws(SignalingError) -> Void) throws(APIError) {
    try requireInUse()
    do throws(SignalingError) { try rule(room, now) } catch { throw APIError(error) }
  }
}

/// Under which path a session lives.
enum SessionEndpoint: String, Sendable {
  case whip, whep
}

extension MediaSession {
  var endpoint: SessionEndpoint { kind == .publisher ? .whip : .whep }
}

extension SessionID {
  static func random() -> SessionID { SessionID(rawValue: RandomName.make()) }
}
