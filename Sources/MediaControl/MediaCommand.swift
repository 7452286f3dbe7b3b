/// What the control side asks of a media worker. Every value can be sent over a socket.
public enum MediaCommand: Sendable, Codable {
  case createRoom(RoomID, ProgramSettings)
  case closeRoom(RoomID)
  /// Somebody publishes (WHIP): a `recvonly` answer to the SDP offer. Reply: `.session`.
  case openPublisher(SessionID, RoomID, UserID, ParticipantRole, offer: String)
  /// Somebody watches the programme (WHEP). Reply: `.session`.
  case openViewer(SessionID, RoomID, offer: String)
  /// A participant `receiver` gets the forwarded media of `source`. Reply: `.session`.
  case openStageReceiver(SessionID, RoomID, receiver: UserID, source: UserID, offer: String)
  /// Trickled candidates or an ICE restart (RFC 8840 fragment). Reply: `.fragment`, empty when nothing is to be said.
  case patchSession(SessionID, fragment: String)
  /// A stage receiver shows his source in a tile of that height in pixels (360 unless told); he gets no more than that
  /// needs.
  case setStageTile(SessionID, height: Int)
  case closeSession(SessionID)
  /// Reply: `.scene`, the layers as they are from the next tick on.
  case setLayout(RoomID, LayoutRequest)
  /// Of a participant, or, only for this room, of a linked room's host.
  case setParticipant(RoomID, UserID, ParticipantControls)
  /// The programmes of these rooms show and mix each other's hosts in that layout, own host first, from one instant on.
  /// The list is the whole truth: a room that was linked with one of them and is not named stands alone from then on.
  case linkRooms([LinkedRoom], LayoutRequest)
  /// Each of these rooms returns to its own programme; those that were linked with them stay linked with each other.
  case unlinkRooms([RoomID])
  /// Unless it `allowsPrivate`, only public addresses are connected to, whatever the name means when that happens.
  case addOutput(RoomID, OutputID, url: String, allowsPrivate: Bool)
  case removeOutput(RoomID, OutputID)
  /// Writes the programme into this file, of which the control side has made the name and the directory: both sides share
  /// the disk. Says what becomes of it as of an output, and never tries again.
  case startRecording(RoomID, OutputID, path: String)
  /// Reply: `.done` when the file is complete; refused, and over all the same, if something is missing in it. The code
  /// says why: `output.disk-full`, `output.incomplete`, …
  case finishRecording(RoomID, OutputID)
  /// Reply: `.stats`.
  case roomStats(RoomID)
  /// Reply: `.trace`, Chrome trace event JSON of the last `seconds`.
  case trace(RoomID, seconds: Int)
  /// Reply: `.metrics`.
  case metrics
}

/// A worker's answer to one command.
public enum MediaReply: Sendable, Codable {
  case done
  case session(answer: String)
  case fragment(String)
  case scene(SceneDescription)
  case stats(RoomStats)
  case trace(String)
  case metrics(MetricsSnapshot)
}

/// What happens in a worker without being asked.
public enum MediaEvent: Sendable, Codable {
  case sessionState(SessionID, RoomID, SessionState)
  /// The first decoded media of a participant, or a change of what is there.
  case participantMedia(RoomID, UserID, video: Bool, audio: Bool)
  case sceneChanged(RoomID, SceneDescription)
  /// What the participant's client should send from now on; comes before his rectangle grows, and after it shrank.
  case videoWish(RoomID, UserID, VideoWish)
  case outputState(RoomID, OutputID, OutputState, reason: String?)
}

public enum SessionState: String, Sendable, Codable {
  case connecting
  case connected
  /// Nothing was heard for some seconds; may become `connected` again.
  case disconnected
  /// Final. The worker has forgotten the session.
  case closed
}

public enum OutputState: String, Sendable, Codable {
  case connecting
  case live
  case retrying
  case failed
}

public enum ParticipantRole: String, Sendable, Codable {
  case host
  case cohost
}

/// A refusal of a command. `code` is stable and part of the HTTP API (`media.…`).
public struct MediaError: Error, Sendable, Codable, Equatable {
  public var code: String
  public var message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  public static let unknownRoom = MediaError(code: "media.room-unknown", message: "No such room in this worker.")
  public static let unknownSession = MediaError(code: "media.session-unknown", message: "No such session.")
  public static let unknownParticipant = MediaError(
    code: "media.participant-unknown", message: "That user does not publish into this room.")
}

/// A media worker as the control side sees it, in this process or behind a socket.
public protocol MediaBackend: Sendable {
  func perform(_ command: MediaCommand) async throws(MediaError) -> MediaReply
  /// Bounded; a slow reader loses the oldest events. One reader only.
  var events: AsyncStream<MediaEvent> { get }
}
