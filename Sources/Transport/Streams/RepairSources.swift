import MixCore

/// Which source each RTX stream (RFC 4588) repairs: a retransmission tells a sequence number but not whose, so that an
/// answer meant for a source that was replaced must not be put into the numbering of its successor.
struct RepairSources: Sendable {
  private struct Pair: Sendable, Equatable {
    var repair: UInt32
    var source: UInt32
  }

  /// By then no answer for the source before is on its way; a sender that keeps its RTX stream is repaired again.
  private static let settlingTime = MediaTime.seconds(2)

  private let announced: Pair?
  private var known: [Pair] = []
  /// When a source was heard that is not, or not yet, the stream's own.
  private var lastOther = MediaTime.distantPast

  init(media: NegotiatedMedia) {
    guard let source = media.remoteSSRC, let repair = media.remoteRTXSSRC else {
      announced = nil
      return
    }
    let pair = Pair(repair: repair, source: source)
    announced = pair
    known = [pair]
  }

  /// Another source takes the stream over, or one that was replaced goes on sending.
  mutating func noteOtherSource(now: MediaTime) { lastOther = now }

  /// True if what comes on the RTX stream `repair` repairs the stream's present source.
  mutating func serves(_ repair: UInt32, source: UInt32, now: MediaTime) -> Bool {
    let pair = Pair(repair: repair, source: source)
    if pair == announced { return true }
    if let place = known.firstIndex(where: { $0.repair == repair }) {
      guard known[place].source == source || now - lastOther >= Self.settlingTime else { return false }
      known[place].source = source
      return true
    }
    if known.count == SourceTable.maximumSources { known.removeFirst() }
    known.append(pair)
    return true
  }
}
