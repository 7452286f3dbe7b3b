public import MixCore

/// Test media for the ear and the eye: at the same instants the picture turns white and a beep begins, and both are dark
/// and silent in between.
public struct FlashPattern: Sendable, Equatable {
  /// From one flash to the next: a whole number of frames and of 20 ms packets.
  public var interval: MediaTime
  /// How long the picture is white and the beep sounds.
  public var length: MediaTime

  public init(interval: MediaTime = .seconds(1), length: MediaTime = .milliseconds(100)) {
    self.interval = interval
    self.length = length
  }

  /// - Parameter elapsed: from the capture of the first picture, which is the first flash.
  func isOn(at elapsed: MediaTime) -> Bool {
    MediaTime(nanoseconds: elapsed.nanoseconds % max(1, interval.nanoseconds)) < length
  }
}
