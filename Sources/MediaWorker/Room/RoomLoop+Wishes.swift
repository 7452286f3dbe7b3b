import MediaControl
import MixCore
import Synchronization

/// Nobody sends, and nothing is decoded, beyond what somebody sees.
extension RoomLoop {
  /// Tells publishers and the network loop what changed, and has a new scene wait for what must grow. Commands and changes
  /// of state set `wishesMayChange`.
  func updateWishes() {
    let now = MonotonicClock.now()
    if wishesMayChange {
      wishesMayChange = false
      wishes.update(wishSources, at: now)
    }
    while let change = wishes.nextChange(at: now) {
      switch change {
      case .client(let user, let wish): emit(.videoWish(room, user, wish))
      case .decoder(let session, let size): net.send(.decode(session, size, in: room))
      }
    }
    program.waitForMedia(wishes)
  }

  private var wishSources: [WishBoard.Source] {
    let canvas = program.configuration.canvas
    let layers = seenLayers
    func rectangle(_ user: UserID, isCameraOn: Bool) -> PixelSize? {
      let shown = layers.filter { isCameraOn && $0.source.rawValue == user.rawValue && $0.opacity > 0 }
      return shown.map(\.rectangle.size).max { $0.pixels < $1.pixels }
    }
    let own = publishers.map { user, state in
      WishBoard.Source(
        user: user, session: state.session, rectangle: rectangle(user, isCameraOn: state.isCameraOn),
        shape: state.hasVideo ? state.size : canvas, hasVideo: state.hasVideo)
    }
    return own
      + guests.compactMap { user, state in
        guard let session = state.session else { return nil }
        return WishBoard.Source(
          user: user, session: session, rectangle: rectangle(user, isCameraOn: state.isCameraOn),
          shape: state.size == .zero ? canvas : state.size, hasVideo: state.size != .zero, isGuest: true)
      }
  }

  /// Of the programme as it is, and as it is about to be: what is asked for must be there when it is shown.
  private var seenLayers: [Layer] {
    guard encoder.demand.withLock({ !$0.isEmpty }) else { return [] }
    guard let coming else { return program.scene.layers }
    return program.scene.layers + program.scene(linked: coming.scene(of: room)).layers
  }
}

extension Program {
  /// Has a scene that was asked for since the last tick begin when the pictures it needs can have come.
  mutating func waitForMedia(_ wishes: WishBoard) {
    guard isSceneUndecided else { return }
    delayScene(until: wishes.ready, atMost: WishSchedule.longestLead)
  }
}
