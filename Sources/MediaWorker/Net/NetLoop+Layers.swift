import MediaControl
import MixCore
import Transport

/// Receiving and forwarding no more than is shown.
extension NetLoop {
  /// Faster than a layer is found silent, slow enough to cost nothing.
  private static let adaptationPause = MediaTime.milliseconds(100)

  /// Chooses layers anew, ten times a second while anybody publishes.
  func adaptLayers() {
    let now = MonotonicClock.now()
    guard now >= nextAdaptation else { return }
    nextAdaptation = now + Self.adaptationPause
    var isNeeded = false
    for session in sessions.values {
      switch session.kind {
      case .publisher(_, _, let decoder): adaptDecoding(session, decoder, now: now)
      case .stageReceiver: adaptStage(session, now: now)
      case .viewer: continue
      }
      isNeeded = true
    }
    if isNeeded { note(nextAdaptation) }
  }

  // MARK: The programme

  /// The programme of `room` shows this publication in a rectangle of that size, or not at all.
  func decode(_ id: SessionID, for size: PixelSize?, in room: RoomID) {
    guard let session = sessions[id], case .publisher(let user, _, let decoder) = session.kind else { return }
    session.shownSizes[room] = size
    decoder.setWanted(session.shownSize != nil)
    adaptDecoding(session, decoder, now: MonotonicClock.now())
    guard room != session.room else { return }
    rooms[session.room]?.mailbox.send(.shownElsewhere(user, in: room, size))
  }

  /// Puts pictures together of the one layer that is decoded, or of none.
  private func adaptDecoding(_ session: NetSession, _ decoder: SourceDecoder, now: MediaTime) {
    guard let video = session.video else { return }
    var layer: Int?
    if decoder.isNeeded {
      layer = session.programLayer.choose(
        among: session.layerOffers(), for: session.shownSize ?? .zero, at: now)
    }
    guard layer != session.decodedLayer else { return }
    session.decodedLayer = layer
    session.rtc.selectLayer(media: video, layer: layer)
    flush(session)
  }

  func requestKeyFrame(_ id: SessionID) {
    guard let session = sessions[id], let video = session.video else { return }
    session.rtc.requestKeyFrame(media: video, now: MonotonicClock.now())
    flush(session)
  }
}

extension PixelSize {
  static let zero = PixelSize(width: 0, height: 0)
}
