import MixCore

/// Cuts a stream of packets into the bursts it was sent in, and measures how much further apart two of them arrive than
/// they were sent: the change of the queues on the way (draft-ietf-rmcat-gcc-02 §5.2).
struct PacketGroups: Sendable {
  struct Delta: Sendable, Equatable {
    var sent: MediaTime
    var arrived: MediaTime
    /// When the newer group was complete, on the receiver's clock.
    var arrival: MediaTime
  }

  private struct Group: Sendable {
    var firstSent: MediaTime
    var lastSent: MediaTime
    var firstArrival: MediaTime
    var lastArrival: MediaTime
  }

  private static let burst = MediaTime.milliseconds(5)
  private static let longestBurst = MediaTime.milliseconds(100)
  /// Clocks that moved apart by more were set anew.
  private static let greatestStep = MediaTime.seconds(3)

  private var current: Group?
  private var previous: Group?

  mutating func reset() {
    current = nil
    previous = nil
  }

  /// Sent so long before the current group that the sender's clock was set anew.
  func isSetBack(to sent: MediaTime) -> Bool {
    current.map { sent < $0.firstSent - Self.greatestStep } ?? false
  }

  /// Answers something when this packet begins a new group and two earlier ones are complete.
  mutating func note(sent: MediaTime, arrival: MediaTime) -> Delta? {
    guard var group = current else {
      begin(sent, arrival)
      return nil
    }
    guard sent >= group.firstSent else { return nil }
    if belongs(sent, arrival, to: group) {
      group.lastSent = max(group.lastSent, sent)
      group.lastArrival = max(group.lastArrival, arrival)
      current = group
      return nil
    }
    let delta = previous.map { compare(group, with: $0) }
    previous = group
    begin(sent, arrival)
    guard let delta else { return nil }
    guard (delta.arrived - delta.sent).nanoseconds.magnitude < Self.greatestStep.nanoseconds.magnitude else {
      reset()
      return nil
    }
    // Groups that overtook each other say nothing.
    return delta.arrived < .zero ? nil : delta
  }

  private mutating func begin(_ sent: MediaTime, _ arrival: MediaTime) {
    current = Group(firstSent: sent, lastSent: sent, firstArrival: arrival, lastArrival: arrival)
  }

  /// Sent within the same burst, or released together by something that had held them.
  private func belongs(_ sent: MediaTime, _ arrival: MediaTime, to group: Group) -> Bool {
    if sent - group.firstSent <= Self.burst { return true }
    let apart = arrival - group.lastArrival
    return apart - (sent - group.lastSent) < .zero && apart <= Self.burst
      && arrival - group.firstArrival < Self.longestBurst
  }

  private func compare(_ group: Group, with earlier: Group) -> Delta {
    Delta(
      sent: group.lastSent - earlier.lastSent, arrived: group.lastArrival - earlier.lastArrival,
      arrival: group.lastArrival)
  }
}
