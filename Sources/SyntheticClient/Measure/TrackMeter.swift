import MixCore

/// Turns arrivals and RTP times of one track into the figures of a report.
struct TrackMeter {
  /// RTP time units per second.
  let rate: Int64
  private var lastTimestamp: UInt32?

  init(rate: Int64) { self.rate = rate }

  mutating func record(bytes: Int, timestamp: UInt32, arrival: MediaTime, in track: inout ViewerReport.Track) {
    track.count += 1
    track.bytes += bytes
    if let last = track.lastArrival { track.longestGap = max(track.longestGap, arrival - last) }
    track.firstArrival = track.firstArrival ?? arrival
    track.lastArrival = arrival
    track.arrivals.append(arrival)
    if let lastTimestamp {
      let step = Int32(bitPattern: timestamp &- lastTimestamp)
      if step <= 0 { track.timestampReversals += 1 }
      track.longestTimestampStep = max(track.longestTimestampStep, MediaTime(count: Int64(step), rate: rate))
    }
    lastTimestamp = timestamp
  }
}
