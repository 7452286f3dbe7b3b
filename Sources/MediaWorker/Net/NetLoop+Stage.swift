import MediaControl
import MixCore
import Transport

/// What people on stage receive of each other.
extension NetLoop {
  /// Gives what came in this session to everybody who receives it.
  func forwardPackets(of session: NetSession, now: MediaTime) {
    guard !session.rtc.forwards.packets.isEmpty else { return }
    forwardPackets(of: session, into: session.room, now: now)
    for follower in session.followers { forwardPackets(of: session, into: follower.room, now: now) }
    session.rtc.forwards.removeAll()
  }

  private func forwardPackets(of session: NetSession, into room: RoomID, now: MediaTime) {
    let queue = session.rtc.forwards
    guard let user = session.publisher else { return }
    let isMuted = controls(of: user, in: session.room).muted == true
    for receiver in sessions(in: room) where receiver.forwardedSource == user && receiver.isConnected {
      for packet in queue.packets {
        if packet.media == session.audio {
          if let audio = receiver.audio, let heard = receiver.stageSound.pass(packet, isMuted: isMuted) {
            receiver.rtc.forward(heard, in: queue, media: audio, now: now)
          }
        } else if let video = receiver.video, let adapted = receiver.stageForwarder.pass(packet) {
          receiver.rtc.forward(adapted, in: queue, media: video, now: now)
        }
      }
      flush(receiver)
    }
  }

  /// Somebody receives `source`, or no longer does, or shows him larger or smaller.
  func updateForwarding(of source: UserID, in room: RoomID) {
    guard let publisher = publication(of: source, heardIn: room) else { return }
    let receivers = stageReceivers(of: publisher)
    publisher.rtc.setForwarding(!receivers.isEmpty)
    chooseForwardedLayers(of: publisher, receivers: receivers)
    rooms[publisher.room]?.mailbox.send(.stageTile(source, height: receivers.map(\.tileHeight).max() ?? 0))
  }

  /// The receiver shows his source in a tile of another height.
  func setTileHeight(_ height: Int, of id: SessionID) -> Result<MediaReply, MediaError> {
    guard let session = sessions[id], let source = session.forwardedSource else { return .failure(.unknownSession) }
    session.tileHeight = min(max(height, 90), 1080)
    updateForwarding(of: source, in: session.room)
    return .success(.done)
  }

  /// Chooses what this receiver gets, and asks for the key frame with which it begins.
  func adaptStage(_ receiver: NetSession, now: MediaTime) {
    guard receiver.isConnected, let publisher = publisher(for: receiver) else {
      return receiver.rtc.setMediaBitrates(wanted: nil, better: nil)
    }
    var target = receiver.stageChoice.update(
      offers: publisher.layerOffers(), temporalLayers: receiver.stageForwarder.temporalLayers,
      tileHeight: receiver.tileHeight, available: receiver.rtc.availableBitrate,
      isMeasured: receiver.rtc.isPathMeasured, at: now)
    if isHidden(publisher) { target = .paused }
    if target != receiver.stageForwarder.target {
      receiver.stageForwarder.aim(at: target)
      chooseForwardedLayers(of: publisher, receivers: stageReceivers(of: publisher))
    }
    // The transport looks for room for that.
    receiver.rtc.setMediaBitrates(
      wanted: receiver.stageChoice.wantedBitrate,
      better: receiver.stageForwarder.isSettled ? receiver.stageChoice.betterBitrate : nil)
    if let layer = receiver.stageForwarder.awaitedKeyFrame { requestKeyFrame(of: publisher, layer: layer, now: now) }
  }

  /// The receiver lost the thread.
  func requestKeyFrame(for receiver: NetSession, now: MediaTime) {
    guard let publisher = publisher(for: receiver),
      let layer = receiver.stageForwarder.layer ?? receiver.stageForwarder.awaitedKeyFrame
    else { return }
    requestKeyFrame(of: publisher, layer: layer, now: now)
  }

  /// The room has turned this camera off.
  private func isHidden(_ publisher: NetSession) -> Bool {
    publisher.publisher.map { controls(of: $0, in: publisher.room).camera == false } ?? false
  }

  private func publisher(for receiver: NetSession) -> NetSession? {
    guard let source = receiver.forwardedSource else { return nil }
    return publication(of: source, heardIn: receiver.room)
  }

  /// The transport merges the requests of all receivers and of the decoder (`KeyFrameRequester`), for each layer.
  private func requestKeyFrame(of publisher: NetSession, layer: Int, now: MediaTime) {
    guard let video = publisher.video else { return }
    publisher.rtc.requestKeyFrame(media: video, layer: layer, now: now)
    flush(publisher)
  }

  /// Those that run and those that will run at their next key frame.
  private func chooseForwardedLayers(of publisher: NetSession, receivers: [NetSession]) {
    guard let video = publisher.video else { return }
    var layers: Set<Int> = []
    for forwarder in receivers.map(\.stageForwarder) {
      for layer in [forwarder.layer, forwarder.target.layer] { if let layer { layers.insert(layer) } }
    }
    publisher.rtc.setForwarding(layers, media: video)
  }
}
