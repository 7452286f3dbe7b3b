/// The timing records of the last programme frames of one room, and histograms over all of them.
///
/// Owned by the room's loop. A record is complete, and enters the histograms, when its first byte went out; frames that
/// nobody was sent never do.
public struct Ledger: Sendable {
  /// 34 s at 30 fps; more than the longest trace that can be asked for in one go.
  public static let capacity = 1_024

  private var ring: [ProgramFrameRecord?] = Array(repeating: nil, count: Self.capacity)
  private var nextID: UInt64 = 1
  private var stages = [LatencyHistogram](repeating: LatencyHistogram(), count: Stage.allCases.count)
  public private(set) var mixLatency = LatencyHistogram()

  public init() {}

  /// Opens a record; the id goes with the frame through every stage.
  public mutating func open(time: MediaTime, layers: [ProgramFrameRecord.LayerEntry], picked: MediaTime) -> UInt64 {
    let id = nextID
    nextID += 1
    ring[Self.slot(id)] = ProgramFrameRecord(id: id, time: time, layers: layers, picked: picked)
    return id
  }

  /// Replaces the pick time of `open` where that one was on another clock.
  public mutating func stampPicked(_ id: UInt64, at now: MediaTime) {
    update(id) { $0.picked = now }
  }

  public mutating func stampComposed(_ id: UInt64, started: MediaTime, finished: MediaTime) {
    update(id) { record in
      record.composeStarted = started
      record.composed = finished
    }
  }

  /// Only the first codec's time is kept.
  public mutating func stampEncoded(_ id: UInt64, at now: MediaTime) {
    update(id) { if $0.encoded == .zero { $0.encoded = now } }
  }

  public mutating func stampPacketized(_ id: UInt64, at now: MediaTime) {
    update(id) { if $0.packetized == .zero { $0.packetized = now } }
  }

  /// The first output to write the frame completes its record.
  public mutating func stampFirstByte(_ id: UInt64, at now: MediaTime) {
    guard let record = self[id], record.firstByte == .zero else { return }
    update(id) { $0.firstByte = now }
    collect(id)
  }

  public subscript(_ id: UInt64) -> ProgramFrameRecord? {
    guard id != 0, let record = ring[Self.slot(id)], record.id == id else { return nil }
    return record
  }

  public func histogram(of stage: Stage) -> LatencyHistogram {
    stages[Self.index(stage)]
  }

  /// The records still held, oldest first.
  public var records: [ProgramFrameRecord] {
    let first = nextID > UInt64(Self.capacity) ? nextID - UInt64(Self.capacity) : 1
    return (first..<nextID).compactMap { self[$0] }
  }

  private mutating func collect(_ id: UInt64) {
    guard let record = self[id] else { return }
    for stage in Stage.allCases {
      if let value = record.duration(of: stage) { stages[Self.index(stage)].record(value) }
    }
    if let value = record.mixLatency { mixLatency.record(value) }
  }

  private mutating func update(_ id: UInt64, _ change: (inout ProgramFrameRecord) -> Void) {
    guard self[id] != nil else { return }
    change(&ring[Self.slot(id)]!)
  }

  private static func slot(_ id: UInt64) -> Int { Int(id % UInt64(capacity)) }

  private static func index(_ stage: Stage) -> Int { Stage.allCases.firstIndex(of: stage) ?? 0 }
}

/// Percentiles over a set of durations.
public struct Percentiles: Sendable, Equatable {
  public var p50: MediaTime
  public var p95: MediaTime
  public var p99: MediaTime
  public var count: Int

  /// `nil` when there is nothing to summarise. Nearest-rank method.
  public init?(of values: [MediaTime]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    func rank(_ percent: Int) -> MediaTime { sorted[min(sorted.count - 1, sorted.count * percent / 100)] }
    p50 = rank(50)
    p95 = rank(95)
    p99 = rank(99)
    count = sorted.count
  }
}
