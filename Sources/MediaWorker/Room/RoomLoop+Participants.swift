import MediaControl
import MixCore
import Transport

/// What the loop knows of one publisher beside the programme.
struct PublisherState {
  /// The publication that counts: a later one of the same user replaces it.
  var session: SessionID
  var framesDecoded = 0
  var size = PixelSize(width: 0, height: 0)
  var hasVideo = false
  var hasAudio = false
  var isCameraOn = true
}

extension RoomLoop {
  /// A publication connected for the first time. One that takes over keeps place, controls and the last picture.
  func join(_ user: UserID, role: ParticipantRole, session: SessionID) {
    let id = SourceID(user.rawValue)
    let before = publishers.removeValue(forKey: user)
    unheard.remove(user)
    // Nobody who is not in the programme may look as if he were.
    guard let playout = try? AudioPlayout() else { return program.leave(id, at: MonotonicClock.now()) }
    if before != nil {
      program.restart(id, playout: playout)
    } else {
      guard program.join(id, isHost: role == .host, playout: playout, at: MonotonicClock.now()) else { return }
    }
    publishers[user] = PublisherState(session: session, isCameraOn: before?.isCameraOn ?? true)
    emit(.sceneChanged(room, sceneDescription))
  }

  func leave(_ user: UserID, session: SessionID) {
    guard publishers[user]?.session == session else { return }
    publishers[user] = nil
    unheard.remove(user)
    program.leave(SourceID(user.rawValue), at: MonotonicClock.now())
    emit(.participantMedia(room, user, video: false, audio: false))
    emit(.sceneChanged(room, sceneDescription))
  }

  func insert(_ picture: SourcePicture, from user: UserID) {
    guard publishers[user] != nil else { return }
    program.insert(picture, for: SourceID(user.rawValue), at: picture.timings.decoded)
    publishers[user]?.framesDecoded += 1
    if publishers[user]?.size != picture.frame.size { wishesMayChange = true }
    publishers[user]?.size = picture.frame.size
    guard publishers[user]?.hasVideo == false else { return }
    publishers[user]?.hasVideo = true
    announceMedia(of: user)
  }

  func insert(_ packet: ReceivedAudioPacket, from user: UserID) {
    guard publishers[user] != nil else { return }
    program.insert(packet, for: SourceID(user.rawValue))
    if publishers[user]?.hasAudio == false { unheard.insert(user) }
  }

  /// Sound is decoded when it is played; whoever sends what is none is not heard.
  func announceSound() {
    guard !unheard.isEmpty else { return }
    for user in unheard where program.isHeard(SourceID(user.rawValue)) {
      unheard.remove(user)
      publishers[user]?.hasAudio = true
      announceMedia(of: user)
    }
  }

  func set(_ controls: ParticipantControls, of user: UserID) -> Result<MediaReply, MediaError> {
    let known = program.setControls(
      SourceID(user.rawValue), muted: controls.muted, volume: controls.volume.map(Float.init), camera: controls.camera)
    if let camera = controls.camera {
      publishers[user]?.isCameraOn = camera
      guests[user]?.isCameraOn = camera
    }
    return known ? .success(.done) : .failure(.unknownParticipant)
  }

  var sceneDescription: SceneDescription {
    let scene = program.scene
    let layers = scene.layers.map { layer in
      SceneDescription.Layer(
        userId: layer.source.rawValue, x: layer.rectangle.x, y: layer.rectangle.y, width: layer.rectangle.width,
        height: layer.rectangle.height, zIndex: layer.zIndex)
    }
    return SceneDescription(
      layout: program.layoutName, canvas: .init(width: scene.canvas.width, height: scene.canvas.height), layers: layers)
  }

  private func announceMedia(of user: UserID) {
    guard let state = publishers[user] else { return }
    emit(.participantMedia(room, user, video: state.hasVideo, audio: state.hasAudio))
  }
}
