import MediaControl
import Signaling

/// An application or invitation as the API shows it.
struct RequestBody: Encodable, Sendable {
  let id: String
  let userId: String
  let name: String
  let media: StageRequest.Media
  let state: StageRequest.State
  let message: String?
  /// Why it ended.
  let reason: String?
  /// Seconds left for the answer.
  let expiresIn: Double
  /// Of a pending application: its place in the queue, from 1, and how many wait.
  let position: Int?
  let total: Int?

  init(_ request: StageRequest, in room: Room, at now: Instant) {
    id = request.id
    userId = request.user.id
    name = request.user.name
    media = request.media
    state = request.state
    message = request.message.isEmpty ? nil : request.message
    reason = request.reason
    position = room.position(of: request.id)
    total = position.map { _ in room.pendingApplications }
    let left = request.state == .pending ? max(0, request.deadline.seconds(since: now)) : 0
    expiresIn = (left * 10).rounded() / 10
  }
}

/// Some of a room's pending requests.
struct RequestListBody: Encodable, Sendable {
  let origin: StageRequest.Origin
  let list: [RequestBody]
  let next: String?

  private enum CodingKeys: CodingKey { case applications, invitations, next }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(list, forKey: origin == .application ? .applications : .invitations)
    try container.encode(next, forKey: .next)
  }
}

/// A participant as the API shows him.
struct ParticipantBody: Encodable, Sendable {
  let userId: String
  let name: String
  let role: RoomRole
  let state: String
  let media: StageRequest.Media
  let video: Bool
  let audio: Bool
  let muted: Bool
  let volume: Double
  let camera: Bool
  let seat: Int
  let mutedByHost: Bool
  let cameraOffByHost: Bool

  init(_ seat: Seat) {
    userId = seat.user.id
    name = seat.user.name
    role = seat.role
    state =
      switch seat.state {
      case .live: "live"
      case .reconnecting: "reconnecting"
      case .connecting, .reserved: "connecting"
      }
    media = seat.media
    video = seat.hasVideo
    audio = seat.hasAudio
    muted = seat.controls.muted
    volume = seat.controls.volume
    camera = seat.controls.camera
    self.seat = seat.index
    mutedByHost = seat.restraint.muted
    cameraOffByHost = seat.restraint.cameraOff
  }
}

/// A numbered place on stage as the API shows it.
struct SeatBody: Encodable, Sendable {
  let index: Int
  let state: SeatPlace.State
  let userId: String?

  init(_ place: SeatPlace) {
    index = place.index
    state = place.state
    userId = place.user?.id
  }
}

/// An output as the API shows it: without its secrets.
struct OutputBody: Encodable, Sendable {
  let id: String
  let url: String
  let state: OutputState
  let reason: String?
}
