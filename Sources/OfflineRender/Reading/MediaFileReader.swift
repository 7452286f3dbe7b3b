public import MixCore

/// Pictures and sound of a file by time, for a driver that walks forward on its own clock.
///
/// Reads WebM, MKV, MP4, FLV, TS, IVF, Ogg and what else libavformat knows. Time zero is the first picture, or the
/// first sample if that is clearly earlier. Times may only grow from call to call, separately for pictures and sound.
public final class MediaFileReader {
  public let path: String
  public var video: VideoTrackInfo? { pictures?.info }
  public var audio: AudioTrackInfo? { sounds?.info }
  /// Length by the file's header; `nil` when that names none, as in recordings of browsers.
  public let duration: MediaTime?
  private let pictures: VideoTrackReader?
  private let sounds: AudioTrackReader?
  private let origin: MediaTime

  /// A file that ends this much before the length in its header has been cut off.
  private static let missingLength = MediaTime.milliseconds(500)

  /// Sound that begins this little before the first picture does so by encoder priming or by rounded timestamps.
  private static let longestLead = MediaTime.milliseconds(50)

  public init(path: String) throws(ReadError) {
    self.path = path
    pictures = try VideoTrackReader(path: path)
    sounds = try AudioTrackReader(path: path)
    duration = pictures?.fileDuration ?? sounds?.fileDuration
    origin = Self.origin(pictures: try pictures?.upcoming(), sound: try sounds?.firstTime())
  }

  /// The first picture; or the first sound, where it begins so much earlier that it was meant to be heard alone.
  private static func origin(pictures: MediaTime?, sound: MediaTime?) -> MediaTime {
    guard let pictures, let sound else { return pictures ?? sound ?? .zero }
    return pictures - sound > longestLead ? sound : pictures
  }

  /// The newest picture that begins at or before `time`, the same object until there is a newer one; after the end the
  /// last one, before the first one none.
  public func picture(at time: MediaTime) throws(ReadError) -> VideoFrame? {
    try pictures?.picture(at: origin + time)
  }

  /// Fills `block` with the ten milliseconds of sound from `time` on; silence where the file has none. `false` after the
  /// end of the sound, or when there is none at all.
  public func sound(at time: MediaTime, into block: inout AudioBlock) throws(ReadError) -> Bool {
    guard let sounds else {
      block.silence()
      return false
    }
    return try sounds.sound(at: origin + time, into: &block)
  }

  /// Whether all pictures have been shown for their time and all sound has been given out at `time`.
  ///
  /// Sound that goes on for less than one picture more does not count: coders fill up their last packet.
  public func hasEnded(at time: MediaTime) throws(ReadError) -> Bool {
    var end = MediaTime.zero
    var overhang = MediaTime.zero
    if let pictures {
      guard let pictureEnd = try pictures.end() else { return false }
      end = pictureEnd - origin
      overhang = pictures.step
    }
    if let sounds {
      guard try sounds.hasEnded(at: origin + time + overhang) else { return false }
      end = max(end, sounds.endTime - overhang - origin)
    }
    guard end <= time else { return false }
    if let duration, end + Self.missingLength < duration {
      throw ReadError(file: path, reason: .truncated(at: end))
    }
    return true
  }
}
