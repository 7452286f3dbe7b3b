/// How a participant appears in the programme.
public struct Controls: Sendable, Equatable, Codable {
  public var muted = false
  /// 0 … 2, 1 is unchanged.
  public var volume = 1.0
  /// `false` shows the placeholder instead of the picture.
  public var camera = true

  public init() {}
}

/// What the host or a helper has turned off or down for a participant.
public struct Restraint: Sendable, Equatable, Codable {
  public internal(set) var muted = false
  public internal(set) var cameraOff = false
  /// The loudest he may make himself.
  public internal(set) var volume = 2.0

  public init() {}
}

/// What others have decided about somebody on stage.
public struct Restraints: Sendable, Equatable, Codable {
  /// All of it: what he himself cannot undo.
  public internal(set) var all = Restraint()
  /// What of it the host or an operator has decided: what no admin undoes.
  public internal(set) var firm = Restraint()

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
}

extension Controls {
  func applying(_ change: ControlsChange) -> Controls {
    var result = self
    result.muted = change.muted ?? muted
    result.volume = change.volume ?? volume
    result.camera = change.camera ?? camera
    return result
  }

  /// As far as somebody under this restraint may have them.
  func under(_ restraint: Restraint) -> Controls {
    var result = self
    if restraint.muted { result.muted = true }
    if restraint.cameraOff { result.camera = false }
    result.volume = min(volume, restraint.volume)
    return result
  }
}

extension Restraint {
  /// Whether somebody under this restraint may do this to himself.
  func admits(_ change: ControlsChange) -> Bool {
    !(muted && change.muted == false) && !(cameraOff && change.camera == true) && change.volume ?? 0 <= volume
  }

  /// After somebody else has changed his controls.
  func imposing(_ change: ControlsChange) -> Restraint {
    var result = self
    result.muted = change.muted ?? muted
    result.cameraOff = change.camera.map { !$0 } ?? cameraOff
    result.volume = change.volume ?? volume
    return result
  }
}
