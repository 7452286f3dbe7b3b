/// One participant's sound for one receiver, numbered as if nothing had been left out while he was muted.
struct StageSound: Sendable {
  private var ssrc: UInt32?
  /// From `first` on numbers are lower by so much.
  private var shift: UInt16 = 0
  /// Earlier packets belong to what was left out; `nil` once they cannot come any more.
  private var first: UInt16?
  private var lastPassed: UInt16?
  private var isMuted = false

  /// No packet comes later than this many behind it: such numbers are new ones (`SequenceTracker`).
  private static let reordering: Int16 = 1_024

  /// The number the packet gets; `nil` if it is not heard.
  mutating func pass(_ sequence: UInt16, ssrc: UInt32, isMuted: Bool) -> UInt16? {
    // Another source is continued by the stream it is sent on.
    if ssrc != self.ssrc { self = StageSound(ssrc: ssrc) }
    if isMuted {
      self.isMuted = true
      return nil
    }
    if self.isMuted || isNumberedAnew(sequence) { goOn(with: sequence) }
    guard !isLeftOut(sequence) else { return nil }
    let passed = sequence &- shift
    if Int16(bitPattern: passed &- (lastPassed ?? passed)) >= 0 { lastPassed = passed }
    return passed
  }

  init() {}

  private init(ssrc: UInt32) { self.ssrc = ssrc }

  private mutating func goOn(with sequence: UInt16) {
    isMuted = false
    guard let lastPassed else { return }
    shift = sequence &- lastPassed &- 1
    first = sequence
  }

  private func isNumberedAnew(_ sequence: UInt16) -> Bool {
    guard let lastPassed else { return false }
    return Int16(bitPattern: sequence &- shift &- lastPassed) < -Self.reordering
  }

  private mutating func isLeftOut(_ sequence: UInt16) -> Bool {
    guard let first else { return false }
    let distance = Int16(bitPattern: sequence &- first)
    if distance > Self.reordering { self.first = nil }
    return distance < 0
  }
}
