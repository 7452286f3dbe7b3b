/// Somebody's place on stage.
public struct Seat: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// Promised; given back at the deadline unless the user publishes.
    case reserved(until: Instant)
    /// Publishing; no media seen yet. A co-host's seat is given back at the deadline unless there are any.
    case connecting(until: Instant?)
    case live
    /// Was live; his connection is silent or over. Given back at the deadline unless he returns.
    case reconnecting(until: Instant)
  }

  /// The number of the place; 0 is the host's.
  public let index: Int
  public internal(set) var user: Person
  public let media: StageRequest.Media
  public internal(set) var state: State
  public internal(set) var controls = Controls()
  public internal(set) var restraints = Restraints()
  public internal(set) var hasVideo = false
  public internal(set) var hasAudio = false

  /// What others have decided about this participant and he cannot undo.
  public var restraint: Restraint { restraints.all }

  /// What he is on stage: of an admin that he is a co-host.
  public var role: RoomRole { index == 0 ? .host : .cohost }

  /// He asked for a seat without a picture, and no helper has turned his camera on since.
  public var isSoundOnly: Bool { media == .audio && restraint.cameraOff }

  /// Publishing into the room, so that others see him as a participant.
  public var isParticipant: Bool {
    if case .reserved = state { false } else { true }
  }
}

extension Seat {
  /// When the seat is given back.
  var deadline: Instant? {
    switch state {
    case .reserved(let deadline), .reconnecting(let deadline): deadline
    case .connecting(let deadline): deadline
    case .live: nil
    }
  }

  /// What is said of who has not used his time.
  var lateness: LeaveReason {
    if case .connecting = state { .noMedia } else { .lost }
  }

  /// His media was seen, and his time to come back is not over.
  var wasLive: Bool {
    switch state {
    case .live, .reconnecting: true
    case .reserved, .connecting: false
    }
  }
}
