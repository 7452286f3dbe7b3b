import MediaControl
import MixCore
import Transport

/// Opening, changing and ending sessions.
extension NetLoop {
  func openPublisher(
    _ id: SessionID, room: RoomID, user: UserID, role: ParticipantRole, offer: String
  ) -> Result<MediaReply, MediaError> {
    guard let link = rooms[room] else { return .failure(.unknownRoom) }
    let decoder = SourceDecoder(
      user: user, isHost: role == .host, pool: link.pool, room: link.mailbox,
      requestKeyFrame: { [mailbox] in mailbox.send(.requestKeyFrame(id)) })
    let intents = [
      MediaIntent(kind: .audio, direction: .receive, videoCodecs: [], streamID: user.rawValue),
      MediaIntent(kind: .video, direction: .receive, videoCodecs: [.vp8, .h264], streamID: user.rawValue),
    ]
    let result = open(id, room: room, kind: .publisher(user, role, decoder), offer: offer, intents: intents)
    if case .success = result {
      takeOver(user, in: room, by: id)
      if let session = sessions[id] { refreshFollowers(of: session) }
      // Those who receive him on stage go on with the new one.
      updateForwarding(of: user, in: room)
    }
    return result
  }

  func openViewer(_ id: SessionID, room: RoomID, offer: String) -> Result<MediaReply, MediaError> {
    guard rooms[room] != nil else { return .failure(.unknownRoom) }
    let intents = [
      MediaIntent(kind: .audio, direction: .send, videoCodecs: [], streamID: "program"),
      MediaIntent(kind: .video, direction: .send, videoCodecs: [.h264, .vp8], streamID: "program"),
    ]
    return open(id, room: room, kind: .viewer, offer: offer, intents: intents)
  }

  func openStageReceiver(
    _ id: SessionID, room: RoomID, receiver: UserID, source: UserID, offer: String
  ) -> Result<MediaReply, MediaError> {
    guard rooms[room] != nil else { return .failure(.unknownRoom) }
    guard let publisher = publication(of: source, heardIn: room) else { return .failure(.unknownParticipant) }
    // Forwarded media is never re-encoded, so only the codec of the source will do.
    let intents = [
      MediaIntent(kind: .audio, direction: .send, videoCodecs: [], streamID: source.rawValue),
      MediaIntent(
        kind: .video, direction: .send, videoCodecs: publisher.videoCodec.map { [$0] } ?? [], streamID: source.rawValue),
    ]
    let result = open(
      id, room: room, kind: .stageReceiver(receiver, source: source), offer: offer, intents: intents)
    updateForwarding(of: source, in: room)
    return result
  }

  func patch(_ id: SessionID, fragment: String) -> Result<MediaReply, MediaError> {
    guard let session = sessions[id] else { return .failure(.unknownSession) }
    do throws(NegotiationError) {
      let answer = try session.rtc.patch(fragment: fragment)
      nameAnew(session)
      service(session, now: MonotonicClock.now())
      return .success(.fragment(answer))
    } catch {
      return .failure(MediaError(code: error.code, message: error.message))
    }
  }

  func close(_ id: SessionID) -> Result<MediaReply, MediaError> {
    guard let session = sessions[id] else { return .failure(.unknownSession) }
    end(session, notifyPeer: true)
    return .success(.done)
  }

  func closeRoom(_ room: RoomID) {
    for session in sessions(in: room) { end(session, notifyPeer: true) }
    follow([], by: room)
    rooms[room] = nil
  }

  // MARK: Helpers

  private func open(
    _ id: SessionID, room: RoomID, kind: NetSession.Kind, offer: String, intents: [MediaIntent]
  ) -> Result<MediaReply, MediaError> {
    guard sessions.count < Self.maximumSessions else {
      return .failure(MediaError(code: "media.sessions-full", message: "This worker serves no further sessions."))
    }
    do {
      let configuration = RTCSession.Configuration(
        role: .server, certificate: identity, hostCandidates: candidates)
      var rtc = try RTCSession(configuration, now: MonotonicClock.now())
      let answer = try rtc.answer(offer: offer, intents: intents)
      let session = NetSession(id: id, room: room, kind: kind, rtc: rtc)
      session.adoptNegotiatedMedia()
      register(session)
      service(session, now: MonotonicClock.now())
      return .success(.session(answer: answer))
    } catch let error as NegotiationError {
      return .failure(MediaError(code: error.code, message: error.message))
    } catch {
      return .failure(MediaError(code: "media.transport", message: "The session could not be set up: \(error)."))
    }
  }
}
