import Configuration
import SignalingServer

extension RecordingLimits {
  /// The settings `recording.…`.
  static func read(_ reader: ConfigReader) async throws -> RecordingLimits {
    var limits = RecordingLimits()
    if let hours = try await reader.wholeNumber("recording.maxHours", 1...720) {
      limits.longest = Double(hours) * 3600
    }
    limits.perRoom = try await reader.wholeNumber("recording.perRoom", 0...10_000) ?? limits.perRoom
    if let megabytes = try await reader.wholeNumber("recording.perHostMegabytes", 0...1_000_000_000) {
      limits.perHost = Int64(megabytes) << 20
    }
    if let megabytes = try await reader.wholeNumber("recording.minFreeMegabytes", 0...10_000_000) {
      limits.minimumFree = Int64(megabytes) << 20
    }
    limits.guests = try await reader.flag("recording.guests") ?? limits.guests
    return limits
  }
}
