import MixCore

/// The whole compositor on the scene that is asked for most: a host of the canvas' size and one small tile.
func measureCompose() -> Double {
  let pool = FramePool()
  let size = PixelSize(width: 1280, height: 720)
  let participants = ["host", "guest"].map {
    LayoutParticipant(id: SourceID($0), isHost: $0 == "host", hasVideo: true)
  }
  guard let canvas = pool.acquire(size), let host = pool.acquire(size), let guest = pool.acquire(size) else {
    return .nan
  }
  let scene = Layout.pip(PipOptions()).scene(canvas: size, participants: participants)
  let pictures = [
    LayerPicture(source: SourceID("host"), frame: host), LayerPicture(source: SourceID("guest"), frame: guest),
  ]
  var compositor = Compositor()
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<1000 {
    best = min(best, clock.measure { compositor.render(scene, pictures: pictures, into: canvas) }.microseconds)
  }
  return best
}
