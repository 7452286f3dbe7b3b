import Logging
import MediaControl
import Signaling

extension LiveRoom {
  /// Makes the worker's side of the room when somebody first needs it, with its stored outputs.
  func openMedia() async throws(APIError) {
    // Whoever was under way when the room ended must not make it anew: nobody would ever close it.
    if room.status == .ended { throw APIError(.roomEnded) }
    try requireInUse()
    let task = opening ?? Task { try await self.createMedia() }
    opening = task
    do {
      try await task.value
    } catch {
      if opening == task { opening = nil }
      throw error as? APIError ?? .mediaUnavailable
    }
    closeMediaWhenUnused()
  }

  /// Gives the worker's side back after a while without any session; whoever comes next makes it again.
  func closeMediaWhenUnused() {
    lingering?.cancel()
    lingering = nil
    guard opening != nil, sessions.isEmpty, room.status != .ended else { return }
    lingering = Task { [weak self, wait = environment.limits.mediaLinger] in
      do { try await Task.sleep(for: .seconds(wait)) } catch { return }
      await self?.closeUnusedMedia()
    }
  }

  private func closeUnusedMedia() async {
    guard sessions.isEmpty else { return }
    if recording != nil { await endRecording(.unused) }
    // Somebody may have come while the file was completed.
    guard sessions.isEmpty else { return }
    await closeMedia()
    show(SceneDescription(layout: room.layout, canvas: scene.canvas, layers: []))
    for output in outputs { outputChanged(output.id, .connecting, nil) }
  }

  func closeMedia() async {
    lingering?.cancel()
    lingering = nil
    guard let task = opening else { return }
    opening = nil
    // A worker that has not made the room yet would refuse to close it, and then make it.
    _ = try? await task.value
    _ = try? await environment.media.perform(.closeRoom(id))
  }

  private func createMedia() async throws {
    if recording?.isKept == true { await endRecording(.interrupted) }
    _ = try await environment.media.perform(.createRoom(id, stored.video.program(layout: room.layout)))
    for output in outputs where output.stage == .kept { await start(output) }
    if room.link != nil { await environment.links.mediaMade(of: stored.id) }
  }

  /// A command for this room. A worker that lost the room gets it again, once.
  func perform(_ command: MediaCommand) async throws(APIError) -> MediaReply {
    try await openMedia()
    do throws(APIError) {
      return try await environment.media.perform(command)
    } catch  where error.code == MediaError.unknownRoom.code {
      opening = nil
      try await openMedia()
      return try await environment.media.perform(command)
    }
  }

  /// Something happened in the worker.
  func handle(_ event: MediaEvent) async {
    do {
      switch event {
      case .sessionState(let session, _, let state): try await sessionChanged(session, state)
      case .participantMedia(_, let user, let video, let audio):
        try await follow(room.mediaArrived(from: user.rawValue, video: video, audio: audio, at: now))
      case .sceneChanged(_, let scene): show(scene)
      case .videoWish(_, let user, let wish): pass(wish, to: user.rawValue)
      case .outputState(_, let output, let state, let reason):
        if output == recording?.output { recordingChanged(state, reason) } else { outputChanged(output, state, reason) }
      }
    } catch {
      environment.logger.error("A media event failed.", metadata: ["room": "\(stored.id)", "error": "\(error.code)"])
    }
  }

  /// Carries out what the worker's news bring about. The news of other rooms do not wait for the store.
  private func follow(_ actions: [RoomAction]) async throws(APIError) {
    if actions.contains(.persist) { persistSoon() }
    try await carryOut(actions.filter { $0 != .persist })
  }

  private func sessionChanged(_ id: SessionID, _ state: SessionState) async throws(APIError) {
    guard let session = sessions[id] else { return }
    switch state {
    case .connecting: break
    case .connected:
      countViewer(session)
      try await heardAgain(session)
    case .disconnected: try await fellSilent(session)
    case .closed:
      forget(session)
      if session.kind == .publisher { await publicationEnded(session) }
      closeMediaWhenUnused()
    }
  }

  private func fellSilent(_ session: MediaSession) async throws(APIError) {
    guard session.kind == .publisher, let user = session.user else { return }
    sessions[session.id]?.isSilent = true
    try await follow(room.connectionLost(of: user, at: now))
  }

  private func heardAgain(_ session: MediaSession) async throws(APIError) {
    guard session.isSilent, let user = session.user else { return }
    sessions[session.id]?.isSilent = false
    try await follow(room.connectionRestored(of: user, at: now))
  }

  private func pass(_ wish: VideoWish, to user: String) {
    guard room.status != .ended else { return }
    wishes[user] = wish
    var message = EventMessage("video.wanted")
    message.video = wish
    tell(.users([user]), message)
  }

  func show(_ scene: SceneDescription) {
    guard scene != self.scene, room.status != .ended else { return }
    self.scene = scene
    var message = EventMessage("scene.changed")
    message.scene = scene
    tell(.everyone, message)
  }

  /// The host chooses a layout; the worker knows best whether it exists.
  func setLayout(_ request: LayoutRequest, by person: Person) async throws(APIError) -> SceneDescription {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.directScene, of: person, at: now) }
    guard case .scene(let scene) = try await perform(.setLayout(id, request)) else { throw .mediaUnavailable }
    show(scene)
    var change = RoomChange()
    change.layout = request.layout
    try await apply(change, by: person)
    return scene
  }

  /// Changes the room; a layout through the worker if it has the room.
  func update(_ wanted: RoomChange, by person: Person) async throws(APIError) -> RoomBody {
    if let layout = wanted.layout, layout != room.layout, opening != nil {
      // A change that will be refused must not change the picture first.
      try checked { room, now throws(SignalingError) in
        var room = room
        _ = try room.update(wanted, by: person, at: now)
      }
      _ = try await setLayout(LayoutRequest(layout: layout), by: person)
    }
    try await apply(wanted, by: person)
    return body(for: person)
  }

  private func apply(_ wanted: RoomChange, by person: Person) async throws(APIError) {
    let message = RandomName.make("m_")
    try await change { room, now throws(SignalingError) in
      try room.update(wanted, message: message, by: person, at: now)
    }
  }

  func trace(seconds: Int, by person: Person) async throws(APIError) -> String {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.seeTrace, of: person, at: now) }
    guard case .trace(let trace) = try await perform(.trace(id, seconds: seconds)) else { throw .mediaUnavailable }
    return trace
  }
}
