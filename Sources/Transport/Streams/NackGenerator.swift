import MixCore

/// Decides which missing packets are asked for, and when (RFC 4585 §6.2.1).
///
/// A packet is first asked for after a moment in which mere reordering would heal, then again every round trip until it
/// comes, is too old, or was asked for too often. The last packet of a frame is asked for before the next frame tells that
/// it is missing.
struct NackGenerator: Sendable {
  private struct Missing: Sendable {
    var sequence: Int64
    var since: MediaTime
    var due: MediaTime
    var sent: MediaTime = .distantPast
    var tries: UInt8 = 0
  }

  static let reorderGrace = MediaTime.milliseconds(10)
  private static let maximumMissing = 256
  /// One of five packets lost on both ways lets 36 of 100 requests fail: twelve fail together five times in a million.
  private static let maximumTries: UInt8 = 12
  /// Beyond the round trip, for what it varies.
  private static let leastMargin = MediaTime.milliseconds(10)
  /// Beyond the second answer's round trip, for what the peer and we ourselves are late.
  private static let busyMargin = MediaTime.milliseconds(40)

  /// In rising order.
  private var missing: [Missing] = []
  private var requests: [UInt16] = []
  /// The packet that should come next, and until when it need not.
  private var expected: (sequence: Int64, due: MediaTime)?

  /// The numbers between `first` and `last` were skipped; they are asked for after `grace`. False if that is more than
  /// can be repaired.
  mutating func noteGap(
    from first: Int64, through last: Int64, now: MediaTime, grace: MediaTime = NackGenerator.reorderGrace
  ) -> Bool {
    let first = max(first, (missing.last?.sequence ?? .min) &+ 1)
    guard first <= last else { return true }
    guard last &- first < Int64(Self.maximumMissing), missing.count &+ Int(last &- first) < Self.maximumMissing else {
      missing.removeAll(keepingCapacity: true)
      return false
    }
    for sequence in first...last {
      missing.append(Missing(sequence: sequence, since: now, due: now + grace))
    }
    return true
  }

  /// The numbers between `first` and `last` lie before all that came so far.
  mutating func noteEarlier(from first: Int64, through last: Int64, now: MediaTime) {
    guard missing.count < Self.maximumMissing / 2 else { return }
    for sequence in first...last where !missing.contains(where: { $0.sequence == sequence }) {
      missing.append(Missing(sequence: sequence, since: now, due: now + Self.reorderGrace))
    }
    missing.sort { $0.sequence < $1.sequence }
  }

  /// More of a frame is to come: if nothing has by `due`, `sequence` is missing. `nil` where nothing is known to be.
  mutating func expect(_ sequence: Int64?, due: MediaTime) { expected = sequence.map { ($0, due) } }

  /// A missing packet came; answers the round trip if it was asked for exactly once.
  mutating func noteArrival(_ sequence: Int64, now: MediaTime) -> MediaTime? {
    guard let index = missing.firstIndex(where: { $0.sequence == sequence }) else { return nil }
    let entry = missing.remove(at: index)
    return entry.tries == 1 ? now - entry.sent : nil
  }

  mutating func forget(before sequence: Int64) { missing.removeAll { $0.sequence < sequence } }

  mutating func removeAll() {
    missing.removeAll(keepingCapacity: true)
    expected = nil
  }

  var nextDeadline: MediaTime {
    var deadline = expected?.due ?? .distantFuture
    for entry in missing where entry.due < deadline { deadline = entry.due }
    return deadline
  }

  /// Between two requests for the same packet.
  private static func pause(_ roundTrip: MediaTime) -> MediaTime { roundTrip + max(roundTrip / 8, leastMargin) }

  /// From the moment a packet is missed until the answer to the second request for it has come, on a machine that is busy.
  static func secondAnswer(_ roundTrip: MediaTime) -> MediaTime {
    reorderGrace + pause(roundTrip) + roundTrip + max(roundTrip / 2, busyMargin)
  }

  /// The numbers to ask for now, in rising order; valid until the next call. What is missed for longer than `patience`
  /// is forgotten.
  mutating func takeDue(now: MediaTime, roundTrip: MediaTime, patience: MediaTime) -> ArraySlice<UInt16> {
    requests.removeAll(keepingCapacity: true)
    if let expected, expected.due <= now {
      self.expected = nil
      _ = noteGap(from: expected.sequence, through: expected.sequence, now: now, grace: .zero)
    }
    missing.removeAll { now - $0.since > patience || $0.tries >= Self.maximumTries }
    let pause = Self.pause(roundTrip)
    for index in missing.indices where missing[index].due <= now {
      requests.append(UInt16(truncatingIfNeeded: missing[index].sequence))
      missing[index].sent = now
      missing[index].due = now + pause
      missing[index].tries &+= 1
    }
    return requests[...]
  }
}
