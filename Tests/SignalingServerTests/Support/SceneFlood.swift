import MediaControl

/// Large events, each a little different from the one before.
struct SceneFlood {
  let room: String

  func send(_ round: Int, to media: RecordingMedia) {
    let layers = (0..<200).map {
      SceneDescription.Layer(userId: "u_\(round)_\($0)", x: round, y: 0, width: 10, height: 10, zIndex: $0)
    }
    let scene = SceneDescription(layout: "grid", canvas: .init(width: 1280, height: 720), layers: layers)
    media.emit(.sceneChanged(RoomID(rawValue: room), scene))
  }
}
