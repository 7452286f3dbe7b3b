import MixCore

/// The last packets of a session by their transport-wide numbers, until the peer tells what became of them.
struct SentPackets: Sendable {
  enum Fate: UInt8, Sendable {
    case unknown
    case lost
    case received
  }

  struct Packet: Sendable {
    var time: MediaTime
    var sequence: UInt16
    /// On the wire, headers down to IP included.
    var size: UInt16
    /// The probe it was part of; 0 for none.
    var cluster: UInt8
    var fate: Fate
    /// Bytes sent before and with it.
    var total: Int
  }

  /// Almost a second at the highest rate, several seconds of a programme.
  static let capacity = 2048

  private var packets: [Packet] = []
  private var total = 0
  private var answered = 0

  /// Bytes sent behind the newest packet anything is known of.
  var underWay: Int { total &- answered }

  mutating func note(_ sequence: UInt16, size: Int, cluster: UInt8, now: MediaTime) {
    if packets.isEmpty {
      let none = Packet(time: .distantPast, sequence: 0, size: 0, cluster: 0, fate: .received, total: 0)
      packets = [Packet](repeating: none, count: Self.capacity)
    }
    total &+= size
    packets[Self.slot(sequence)] = Packet(
      time: now, sequence: sequence, size: UInt16(clamping: size), cluster: cluster, fate: .unknown, total: total)
  }

  /// The packet if this says something new of it: a received one never becomes lost, a lost one may have been late.
  mutating func settle(_ sequence: UInt16, isReceived: Bool) -> Packet? {
    guard !packets.isEmpty else { return nil }
    let packet = packets[Self.slot(sequence)]
    guard packet.sequence == sequence, packet.fate != .received, isReceived || packet.fate == .unknown else {
      return nil
    }
    answered = max(answered, packet.total)
    packets[Self.slot(sequence)].fate = isReceived ? .received : .lost
    return packet
  }

  private static func slot(_ sequence: UInt16) -> Int { Int(sequence) & (capacity - 1) }
}
