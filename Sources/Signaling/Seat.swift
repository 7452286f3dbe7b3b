/// A place on stage.
public struct Seat: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Promised; given back at the deadline unless the user publishes.
    case reserved(until: Instant)
    /// Publishing; no media seen yet.
    case connecting
    case live
    /// Was live; his connection is silent or over. Given back at the deadline unless he returns.
    case reconnecting(until: Instant)
  }

  public let user: Person
  public let role: RoomRole
  public let media: StageRequest.Media
  public internal(set) var state: State
  public internal(set) var controls = Controls()
  public internal(set) var hasVideo = false
  public internal(set) var hasAudio = false

  /// Publishing into the room, so that others see him as a participant.
  public var isParticipant: Bool {
    if case .reserved = state { false } else { true }
  }
}

/// How a participant appears in the programme.
public struct Controls: Sendable, Equatable {
  public var muted = false
  /// 0 … 2, 1 is unchanged.
  public var volume = 1.0
  /// `false` shows the placeholder instead of the picture.
  public var camera = true

  public init() {}
}

/// A wish to change some controls; `nil` leaves one as it is.
public struct ControlsChange: Sendable, Equatable {
  public var muted: Bool?
  public var volume: Double?
  public var camera: Bool?

  public init(muted: Bool? = nil, volume: Double? = nil, camera: Bool? = nil) {
    self.muted = muted
    self.volume = volume
    self.camera = camera
  }

  func applied(to controls: Controls) -> Controls {
    var result = controls
    result.muted = muted ?? result.muted
    result.volume = volume ?? result.volume
    result.camera = camera ?? result.camera
    return result
  }
}
