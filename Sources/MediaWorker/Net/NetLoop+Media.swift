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
    case .keyFrameRequested: keyFrameRequested(by: session, now: now)
    }
  }

  private func keyFrameRequested(by session: NetSession, now: MediaTime) {
    switch session.kind {
    case .publisher: return
    case .viewer:
      guard let codec = session.videoCodec else { return }
      rooms[session.room]?.mailbox.send(.keyFrameNeeded(codec))
    case .stageReceiver(_, let source): requestKeyFrame(of: source, in: session.room, now: now)
    }
  }

  // MARK: Stage

  private func forwardPackets(of session: NetSession, now: MediaTime) {
    guard let user = session.publisher, !session.rtc.forwards.packets.isEmpty else { return }
    let queue = session.rtc.forwards
    for receiver in sessions(in: session.room) where receiver.forwardedSource == user {
      guard receiver.isConnected else { continue }
      for packet in queue.packets {
        let target = packet.media == session.audio ? receiver.audio : receiver.video
        if let target { receiver.rtc.forward(packet, in: queue, media: target, now: now) }
      }
      flush(receiver)
    }
    session.rtc.forwards.removeAll()
  }

  func updateForwarding(of source: UserID, in room: RoomID) {
    let receivers = sessions(in: room).filter { $0.forwardedSource == source }
    for session in sessions(in: room) where session.publisher == source {
      session.rtc.setForwarding(!receivers.isEmpty)
    }
    rooms[room]?.mailbox.send(.stageTile(source, height: receivers.map(\.tileHeight).max() ?? 0))
  }

  func requestKeyFrame(of source: UserID, in room: RoomID, now: MediaTime) {
    for session in sessions(in: room) where session.publisher == source {
      guard let video = session.video else { continue }
      session.rtc.requestKeyFrame(media: video, now: now)
      flush(session)
    }
  }

  func requestKeyFrame(_ id: SessionID) {
    guard let session = sessions[id], let video = session.video else { return }
    session.rtc.requestKeyFrame(media: video, now: MonotonicClock.now())
    flush(session)
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
    sessions(in: room).compactMap { session -> PublisherReport? in
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
