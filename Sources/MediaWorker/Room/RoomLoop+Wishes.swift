import MediaControl
import MixCore
import Synchronization

/// Nobody sends, and nothing is decoded, beyond what somebody sees.
extension RoomLoop {
  /// Tells publishers and the network loop what changed. Commands and changes of state set `wishesMayChange`.
  func updateWishes() {
    let now = MonotonicClock.now()
    if wishesMayChange {
      wishesMayChange = false
      wishes.update(wishSources, at: now)
    }
    while let change = wishes.nextChange(at: now) {
      switch change {
      case .client(let user, let wish): emit(.videoWish(room, user, wish))
      case .decoder(let session, let size): net.send(.decode(session, size))
      }
    }
  }

  private var wishSources: [WishBoard.Source] {
    let scene = program.scene
    let isSeen = encoder.demand.withLock { !$0.isEmpty }
    return publishers.map { user, state in
      let id = SourceID(user.rawValue)
      let isShown = isSeen && state.isCameraOn
      let rectangles = isShown ? scene.layers.filter { $0.source == id && $0.opacity > 0 }.map(\.rectangle.size) : []
      return WishBoard.Source(
        user: user, session: state.session, rectangle: rectangles.max { $0.pixels < $1.pixels },
        shape: state.hasVideo ? state.size : scene.canvas, hasVideo: state.hasVideo)
    }
  }
}
