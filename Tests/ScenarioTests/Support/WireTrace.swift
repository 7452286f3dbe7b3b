import MixCore
import NetworkSimulation

/// What the client put onto the network.
final class WireTrace {
  private(set) var sightings: [SessionLink.Sighting] = []

  func note(_ sighting: SessionLink.Sighting) { sightings.append(sighting) }

  /// Bits per second that the client sent within a span, headers of UDP and IPv4 included.
  func bitrate(from: MediaTime, to: MediaTime) -> Double {
    let bytes = sightings.lazy.filter { $0.time >= from && $0.time < to }.reduce(0) { $0 + $1.size + 28 }
    return Double(bytes * 8) / (to - from).seconds
  }

  /// Which packets of a source were lost on their first way, in order of their sequence numbers.
  func losses(ofSource ssrc: UInt32) -> [Bool] {
    var first: UInt16?
    var lost: [Int: Bool] = [:]
    for sighting in sightings {
      guard let media = sighting.media, media.ssrc == ssrc else { continue }
      let start = first ?? media.sequence
      first = start
      let index = Int(media.sequence &- start)
      if lost[index] == nil { lost[index] = sighting.isLost }
    }
    return (0..<(lost.keys.max().map { $0 + 1 } ?? 0)).map { lost[$0] ?? false }
  }

  var largest: Int { sightings.lazy.filter { $0.media != nil }.map(\.size).max() ?? 0 }
}
