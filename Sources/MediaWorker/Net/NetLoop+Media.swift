import MediaControl
import MixCore
import Transport

/// Media through the sessions: received frames to the room, forwarded packets to the stage, the programme to viewers.
extension NetLoop {
  /// Drains everything one input has caused in a session.
  func service(_ session: NetSession, now: MediaTime) {
    while let event = session.rtc.nextEvent() { handle(event, of: session, now: now) }
    forwardPackets(of: session, now: now)
    flush(session)
  }

  func flush(_ session: NetSession) {
    note(session.rtc.nextDeadline)
    guard !session.rtc.transmits.datagrams.isEmpty else { return }
    socket.send(session.rtc.transmits)
    session.rtc.transmits.removeAll()
  }

  private func handle(_ event: RTCEvent, of session: NetSession, now: MediaTime) {
    switch event {
    case .connected: setConnected(true, session)
    case .disconnected: setConnected(false, session)
    case .closed: end(session, notifyPeer: false)
    case .videoFrame(_, let frame):
      if case .publisher(_, _, let decoder) = session.kind { decoder.submit(frame) }
    case .audioPacket(_, let packet):
      guard let user = session.publisher else { return }
      rooms[session.room]?.mailbox.send(.audio(user, packet), wake: false)
      tellFollowers(of: session, .guestAudio(user, packet), wake: false)
    case .keyFrameRequested: keyFrameRequested(by: session, now: now)
    }
  }

  private func keyFrameRequested(by session: NetSession, now: MediaTime) {
    switch session.kind {
    case .publisher: return
    case .viewer:
      guard let codec = session.videoCodec else { return }
      rooms[session.room]?.mailbox.send(.keyFrameNeeded(codec))
    case .stageReceiver: requestKeyFrame(for: session, now: now)
    }
  }

  // MARK: Programme

  func sendVideo(_ frame: PacketizedFrame, codec: VideoCodec, ledgerID: UInt64, room: RoomID) {
    let now = MonotonicClock.now()
    var isFirst = true
    for session in sessions(in: room) where session.isViewer && session.isConnected {
      guard let video = session.video, session.videoCodec == codec else { continue }
      session.rtc.send(frame, media: video, now: now)
      flush(session)
      guard isFirst else { continue }
      isFirst = false
      rooms[room]?.mailbox.send(.firstByte(ledgerID, MonotonicClock.now()), wake: false)
    }
  }

  func sendAudio(_ frame: PacketizedFrame, room: RoomID) {
    let now = MonotonicClock.now()
    for session in sessions(in: room) where session.isViewer && session.isConnected {
      guard let audio = session.audio else { continue }
      session.rtc.send(frame, media: audio, now: now)
      flush(session)
    }
  }

  func reports(of room: RoomID) -> [PublisherReport] {
    let linked = (rooms[room]?.guests ?? []).compactMap { publication(of: $0.host, in: $0.room) }
    return (sessions(in: room) + linked).compactMap { session -> PublisherReport? in
      guard let user = session.publisher else { return nil }
      let statistics = session.rtc.statistics
      return PublisherReport(
        user: user, connected: session.isConnected,
        packetsReceived: Int(statistics.media.reduce(0) { $0 + $1.packetsReceived }),
        packetsLost: Int(statistics.media.reduce(0) { $0 + $1.packetsLost }),
        jitter: statistics.media.map(\.jitter).max() ?? .zero)
    }
  }
}
