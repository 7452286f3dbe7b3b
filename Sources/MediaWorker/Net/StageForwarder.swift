import MixCore

/// Makes one unbroken stream for one receiver of what one source sends: one layer at a time, begun and changed at key
/// frames only, without the temporal layers there is no room for, and numbered as if nothing had been left out.
struct StageForwarder: Sendable {
  private(set) var target = StageTarget(layer: 0)
  private var running: RunningSource?
  /// The last key frame is the one this receiver began with: what is repeated behind its start is new to him.
  private var takesRepeats = false

  mutating func aim(at target: StageTarget) {
    self.target = target
    if target.layer == nil { running?.isPaused = true }
  }

  /// The layer that runs; `nil` while nothing is forwarded.
  var layer: Int? { running.flatMap { $0.isPaused ? nil : $0.layer } }

  /// The layer whose key frame is waited for. The one before goes on until then.
  var awaitedKeyFrame: Int? {
    guard let wanted = target.layer else { return nil }
    guard let running, running.layer == wanted, !running.isPaused, !running.isReplaced else { return wanted }
    return nil
  }

  /// What is wanted runs.
  var isSettled: Bool { layer != nil && awaitedKeyFrame == nil }

  /// The highest temporal layer seen, counted from 1.
  var temporalLayers: UInt8 { running?.seenTemporalLayers ?? 1 }

  /// The packet as the receiver gets it; `nil` if he does not.
  mutating func pass(_ packet: StagePacket) -> StagePacket? {
    var packet = packet
    let continues = running?.continues(with: packet) == true
    // The publisher began anew: what he sends from now on takes a key frame to go on with.
    if !continues, packet.layer == target.layer, packet.layer == running?.layer { running?.isReplaced = true }
    let begins = packet.isKeyFrameStart && packet.layer == awaitedKeyFrame
    if packet.isKeyFrameStart { takesRepeats = begins }
    if takesRepeats { packet.isRepeated = false }
    if begins {
      running = RunningSource(after: running, firstPacket: packet, temporalLayers: target.temporalLayers)
    } else if !continues || running?.isPaused == true {
      return nil
    }
    return running?.pass(packet, temporalLayers: target.temporalLayers)
  }
}

/// The source that is forwarded now.
private struct RunningSource: Sendable {
  /// From this packet on numbers are lower by so much.
  struct Shift: Sendable {
    var first: Int64
    var sequence: UInt16
    var picture: UInt16
    var skipped: Skipped?
  }

  /// Packets right before a shift that have no place.
  struct Skipped: Sendable {
    var first: Int64
    /// Of the frames that the first and the last of them are of.
    var firstTimestamp: UInt32
    var lastTimestamp: UInt32
  }

  /// Of a stream with temporal layers, more than a second: later packets have no place any more.
  private static let maximumShifts = 48
  /// Other numbers are not of the same stream, as in `SequenceTracker`.
  private static let numbers: ClosedRange<Int64> = -1_024...3_000

  let layer: Int
  let ssrc: UInt32
  var isPaused = false
  /// The publisher began anew, under another SSRC or with other numbers.
  var isReplaced = false
  var seenTemporalLayers: UInt8

  /// Newest packet, its number extended over wraps.
  private var newest: Int64
  private var timestamp: UInt32
  private var isFramePassed = true
  private var passedTemporalLayers: UInt8
  private var shifts: [Shift]
  /// Begun to be left out, not yet in `shifts`.
  private var skippedPictures: UInt16 = 0
  private let baseLayerShift: UInt8
  private var lastSequence: UInt16 = 0
  private var lastPicture: UInt16?
  private var lastBaseLayer: UInt8?

  /// Under the same SSRC numbers go on where they ended; a new SSRC is continued by the stream it is sent on.
  init(after previous: RunningSource?, firstPacket packet: StagePacket, temporalLayers: UInt8) {
    layer = packet.layer
    ssrc = packet.ssrc
    newest = Int64(packet.sequence) - 1
    timestamp = packet.timestamp
    passedTemporalLayers = temporalLayers
    seenTemporalLayers = previous?.seenTemporalLayers ?? 1
    var shift = Shift(first: Int64(packet.sequence), sequence: 0, picture: 0)
    var baseShift: UInt8 = 0
    if let previous, previous.ssrc == packet.ssrc {
      shift.sequence = packet.sequence &- previous.lastSequence &- 1
      if let picture = packet.pictureID, let last = previous.lastPicture { shift.picture = picture &- last &- 1 }
      if let base = packet.baseLayerIndex, let last = previous.lastBaseLayer { baseShift = base &- last &- 1 }
    }
    shifts = [shift]
    baseLayerShift = baseShift
  }

  func continues(with packet: StagePacket) -> Bool {
    packet.ssrc == ssrc && packet.layer == layer && Self.numbers.contains(distance(to: packet))
  }

  /// The signed way from the newest packet on the circle of sequence numbers.
  private func distance(to packet: StagePacket) -> Int64 {
    Int64(Int16(truncatingIfNeeded: Int64(packet.sequence) &- newest))
  }

  mutating func pass(_ packet: StagePacket, temporalLayers: UInt8) -> StagePacket? {
    let number = newest &+ distance(to: packet)
    if let temporal = packet.temporalLayer { seenTemporalLayers = max(seenTemporalLayers, temporal + 1) }
    guard number > newest, !packet.isRepeated else { return passLate(packet, number: number) }
    newest = number
    if !packet.isPadding, packet.timestamp != timestamp || packet.isKeyFrameStart {
      timestamp = packet.timestamp
      beginFrame(packet, temporalLayers: temporalLayers)
    }
    guard isFramePassed || packet.isPadding else {
      skip(packet, number: number)
      return nil
    }
    let passed = renumbered(packet, by: shifts[shifts.count - 1])
    lastSequence = passed.sequence
    if !packet.isPadding {
      lastPicture = passed.pictureID ?? lastPicture
      lastBaseLayer = passed.baseLayerIndex ?? lastBaseLayer
    }
    return passed
  }

  /// Fewer layers count from the next frame on, more from the first one that needs nothing of what was left out.
  private mutating func beginFrame(_ packet: StagePacket, temporalLayers: UInt8) {
    let temporal = packet.temporalLayer ?? 0
    passedTemporalLayers = min(passedTemporalLayers, temporalLayers)
    if packet.isKeyFrameStart {
      passedTemporalLayers = temporalLayers
    } else if packet.isLayerSync, temporal < temporalLayers {
      passedTemporalLayers = max(passedTemporalLayers, temporal + 1)
    }
    isFramePassed = temporal < passedTemporalLayers
    if !isFramePassed { skippedPictures &+= 1 }
  }

  /// Leaves no place for a packet.
  private mutating func skip(_ packet: StagePacket, number: Int64) {
    let before = shifts[shifts.count - 1]
    let follows = before.first == number
    let start = Skipped(first: number, firstTimestamp: packet.timestamp, lastTimestamp: packet.timestamp)
    var skipped = follows ? before.skipped ?? start : start
    skipped.lastTimestamp = packet.timestamp
    let shift = Shift(
      first: number &+ 1, sequence: before.sequence &+ 1, picture: before.picture &+ skippedPictures,
      skipped: skipped)
    skippedPictures = 0
    if follows { shifts[shifts.count - 1] = shift } else { append(shift) }
  }

  private mutating func append(_ shift: Shift) {
    if shifts.count == Self.maximumShifts { shifts.removeFirst() }
    shifts.append(shift)
  }

  /// Reordered, or sent again: into the place that was left for it, if any. Of a frame that was left out only the place is
  /// kept, and not even that if the packet came before.
  private func passLate(_ packet: StagePacket, number: Int64) -> StagePacket? {
    guard let index = shifts.lastIndex(where: { $0.first <= number }) else { return nil }
    let behind = index + 1 < shifts.count ? shifts[index + 1].skipped : nil
    if let behind, number >= behind.first { return nil }
    var late = renumbered(packet, by: shifts[index])
    let isLeftOut =
      packet.timestamp == shifts[index].skipped?.lastTimestamp || packet.timestamp == behind?.firstTimestamp
    if isLeftOut || packet.temporalLayer ?? 0 >= passedTemporalLayers {
      guard !packet.isRepeated else { return nil }
      late.isPadding = true
    }
    return late
  }

  private func renumbered(_ packet: StagePacket, by shift: Shift) -> StagePacket {
    var packet = packet
    packet.sequence &-= shift.sequence
    packet.pictureID = packet.pictureID.map { $0 &- shift.picture }
    packet.baseLayerIndex = packet.baseLayerIndex.map { $0 &- baseLayerShift }
    return packet
  }
}
