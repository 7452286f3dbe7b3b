import MixCore

/// Estimates when media was captured, on the local clock, for all tracks of one sender.
///
/// A track's RTP time is mapped to the sender's wall clock by sender reports or abs-capture-time, and that to the local
/// clock by the least delay any of its tracks has seen: so sound and picture of one instant get the same time. Before the
/// first report a track stands alone, on its own least delay. Whatever a report claims, an estimate never lies after the
/// arrival of the packet nor more than a second before it.
struct CaptureClock: Sendable {
  private struct Track: Sendable {
    let clockRate: Int64
    var unwrapper = TimestampUnwrapper()
    /// Sender's wall clock (from 1900) at `anchorTimestamp`; the first packet stands at zero until a report comes.
    var anchor = MediaTime.zero
    var anchorTimestamp: Int64?
    var isReported = false
    var hasCaptureTimes = false
    var delay = MinimumDelay()

    func senderTime(_ timestamp: Int64) -> MediaTime {
      anchor + MediaTime(count: timestamp &- (anchorTimestamp ?? timestamp), rate: clockRate)
    }
  }

  /// Tracks whose delays differ by more do not share a clock, whatever they say.
  private static let greatestSkew = MediaTime.seconds(1)
  /// A report that moves a track by more than this names another zero; by less, it corrects the drift of its clock.
  private static let greatestStep = MediaTime.milliseconds(50)
  private static let greatestAge = MediaTime.seconds(1)

  private var tracks: [Track]

  init(clockRates: [Int64]) { tracks = clockRates.map { Track(clockRate: $0) } }

  /// A packet came, not by retransmission; answers when it was captured.
  mutating func note(track index: Int, timestamp: UInt32, arrival: MediaTime) -> MediaTime {
    guard tracks.indices.contains(index) else { return arrival }
    let extended = tracks[index].unwrapper.unwrap(timestamp)
    if tracks[index].anchorTimestamp == nil { tracks[index].anchorTimestamp = extended }
    let delay = arrival - tracks[index].senderTime(extended)
    // A jump of the timestamps: what was known of the delay is void.
    if let least = tracks[index].delay.value, (delay - least).nanoseconds.magnitude > Self.greatestAge.nanoseconds {
      tracks[index].delay = MinimumDelay()
    }
    tracks[index].delay.note(delay, now: arrival)
    return captureTime(track: index, timestamp: timestamp, arrival: arrival)
  }

  /// As `note`, without learning from it.
  func captureTime(track index: Int, timestamp: UInt32, arrival: MediaTime) -> MediaTime {
    guard tracks.indices.contains(index), let delay = leastDelay(of: index) else { return arrival }
    let track = tracks[index]
    let estimate = track.senderTime(track.unwrapper.peek(timestamp)) + delay
    return min(max(estimate, arrival - Self.greatestAge), arrival)
  }

  /// A sender report or an abs-capture-time says that `timestamp` was captured at `ntp`.
  mutating func map(track index: Int, timestamp: UInt32, to ntp: NTPTimestamp, isCaptureTime: Bool) {
    guard tracks.indices.contains(index), ntp.rawValue != 0 else { return }
    // Capture times are exact; a sender report only repeats them with less care.
    if tracks[index].hasCaptureTimes, !isCaptureTime { return }
    let extended = tracks[index].unwrapper.peek(timestamp)
    let step = ntp.time - tracks[index].senderTime(extended)
    let isContinuous = tracks[index].isReported && step.nanoseconds.magnitude < Self.greatestStep.nanoseconds
    // Another zero of the wall clock changes no delay that was seen.
    if !isContinuous { tracks[index].delay.shift(by: -step) }
    tracks[index].anchor = ntp.time
    tracks[index].anchorTimestamp = extended
    tracks[index].isReported = true
    if isCaptureTime { tracks[index].hasCaptureTimes = true }
  }

  private func leastDelay(of index: Int) -> MediaTime? {
    guard var least = tracks[index].delay.value else { return nil }
    guard tracks[index].isReported else { return least }
    let own = least
    for other in tracks.indices where other != index && tracks[other].isReported {
      guard let delay = tracks[other].delay.value, (delay - own).nanoseconds.magnitude < Self.greatestSkew.nanoseconds
      else {
        continue
      }
      least = min(least, delay)
    }
    return least
  }
}
