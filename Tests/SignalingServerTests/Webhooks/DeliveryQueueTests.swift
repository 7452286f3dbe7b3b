import Testing

@testable import SignalingServer

@Suite struct DeliveryQueueTests {
  private static let second: Int64 = 1_000
  private static let day: Int64 = 24 * 3_600_000
  private static let start: Int64 = 1_800_000_000_000

  /// Lets time pass from one due event to the next, until nothing waits; what is `taken` decides about each try.
  private func run(
    _ queue: inout DeliveryQueue, from start: Int64 = start, until end: Int64 = start + 10 * day, jitter: Double = 0.5,
    limit: Int = 4, taken: (DeliveryQueue.Item, Int64) -> DeliveryQueue.Outcome
  ) -> [(item: DeliveryQueue.Item, at: Int64, verdict: DeliveryQueue.Verdict)] {
    var log: [(item: DeliveryQueue.Item, at: Int64, verdict: DeliveryQueue.Verdict)] = []
    var now = start
    while now <= end {
      let begun = queue.begin(at: now, limit: limit)
      for item in begun {
        let verdict = queue.finish(item, taken(item, now), at: now, jitter: jitter)
        log.append((item, now, verdict))
      }
      if !begun.isEmpty { continue }
      guard let due = queue.nextDue else { break }
      now = max(due, now + 1)
    }
    return log
  }

  private func item(_ sequence: Int64, _ lane: String = "r", at createdAt: Int64 = start) -> DeliveryQueue.Item {
    DeliveryQueue.Item(sequence: sequence, lane: lane, createdAt: createdAt)
  }

  @Test("A receiver that is down for a day sees the pauses grow, and is given up before the day is over")
  func wholeDay() {
    var queue = DeliveryQueue()
    #expect(queue.add(item(1)) == nil)
    let log = run(&queue) { _, _ in .refused }
    let pauses = zip(log.dropFirst(), log).map { ($0.at - $1.at) / Self.second }
    #expect(Array(pauses.prefix(8)) == [1, 5, 30, 60, 300, 900, 3600, 3600])
    #expect(Set(pauses.dropFirst(6)) == [3600])
    #expect(log.dropLast().allSatisfy { if case .retry = $0.verdict { true } else { false } })
    #expect(log.last?.verdict == .givenUp)
    let life = (log.last?.at ?? 0) - Self.start
    #expect(life <= Self.day && life > Self.day - 2 * 3_600_000)
    #expect(log.map(\.item.attempts) == Array(0..<log.count))
    #expect(queue.count == 0 && queue.nextDue == nil)
  }

  @Test("Chance moves every pause by a fifth at most", arguments: [0.0, 0.25, 1.0])
  func jitter(chance: Double) {
    var queue = DeliveryQueue()
    _ = queue.add(item(1))
    let log = run(&queue, jitter: chance) { _, _ in .refused }
    for (next, last) in zip(log.dropFirst(), log) {
      let failures = Int(last.item.attempts) + 1
      let plain = Double(RetrySchedule().pause(afterFailures: failures, jitter: 0.5))
      #expect(abs(Double(next.at - last.at) - plain * (0.8 + 0.4 * chance)) <= 1)
    }
  }

  @Test("Events of one room arrive in order, and an event that is not taken holds up its room only")
  func order() {
    var queue = DeliveryQueue()
    for sequence in 1...30 { _ = queue.add(item(Int64(sequence), sequence % 3 == 0 ? "bad" : "good")) }
    let log = run(&queue) { item, now in item.lane == "bad" && now < Self.start + 60 * Self.second ? .refused : .taken }
    let taken = log.filter { $0.verdict == .delivered }
    #expect(taken.filter { $0.item.lane == "good" }.map(\.item.sequence) == (1...30).filter { $0 % 3 != 0 })
    #expect(taken.filter { $0.item.lane == "bad" }.map(\.item.sequence) == (1...30).filter { $0 % 3 == 0 })
    #expect(taken.filter { $0.item.lane == "good" }.allSatisfy { $0.at == Self.start })
    #expect(taken.filter { $0.item.lane == "bad" }.allSatisfy { $0.at > Self.start + 60 * Self.second })
  }

  @Test("One event of a room is under way at a time, and so many in all as are allowed")
  func concurrency() {
    var queue = DeliveryQueue()
    for sequence in 1...20 { _ = queue.add(item(Int64(sequence), "r\(sequence % 10)")) }
    let begun = queue.begin(at: Self.start, limit: 4)
    #expect(begun.map(\.sequence) == [1, 2, 3, 4] && queue.busy == 4)
    #expect(queue.begin(at: Self.start, limit: 4).isEmpty)
    #expect(queue.finish(begun[0], .taken, at: Self.start, jitter: 0) == .delivered)
    #expect(queue.begin(at: Self.start, limit: 4).map(\.sequence) == [5])
    #expect(queue.count == 19)
  }

  @Test("After an event was given up the next one of its room does not begin with short pauses")
  func noHammering() {
    var queue = DeliveryQueue()
    for sequence in 1...50 { _ = queue.add(item(Int64(sequence), at: Self.start + Int64(sequence))) }
    let log = run(&queue, until: Self.start + 2 * Self.day) { _, _ in .refused }
    let late = log.filter { $0.at > Self.start + Self.day / 2 }
    for (next, last) in zip(late.dropFirst(), late) { #expect(next.at - last.at >= 3600 * Self.second) }
    #expect(log.count < 60)
  }

  @Test("A receiver that is back gets everything, the youngest too, at its next turn")
  func recovery() {
    var queue = DeliveryQueue()
    for sequence in 1...500 { _ = queue.add(item(Int64(sequence), at: Self.start + Int64(sequence))) }
    let back = Self.start + Self.day / 3
    let log = run(&queue) { _, now in now < back ? .refused : .taken }
    let taken = log.filter { $0.verdict == .delivered }
    #expect(taken.map(\.item.sequence) == (1...500).map(Int64.init))
    #expect(taken.allSatisfy { $0.at >= back && $0.at <= back + 3600 * Self.second })
  }

  @Test("An event that waited through a long stop of the server is tried once at least")
  func afterLongStop() {
    var queue = DeliveryQueue()
    _ = queue.add(DeliveryQueue.Item(sequence: 1, lane: "r", createdAt: 0, attempts: 5, due: 10))
    let log = run(&queue) { _, _ in .refused }
    #expect(log.map(\.verdict) == [.givenUp])
    _ = queue.add(DeliveryQueue.Item(sequence: 2, lane: "r", createdAt: 0, attempts: 5, due: 10))
    #expect(run(&queue) { _, _ in .taken }.map(\.verdict) == [.delivered])
  }

  @Test("Failures that were counted before a restart still count")
  func restart() {
    var queue = DeliveryQueue()
    let due = Self.start + 5_000
    _ = queue.add(DeliveryQueue.Item(sequence: 1, lane: "r", createdAt: Self.start, attempts: 4, due: due))
    #expect(queue.begin(at: due - 1, limit: 4).isEmpty && queue.nextDue == due)
    let begun = queue.begin(at: due, limit: 4)
    #expect(begun.count == 1)
    #expect(queue.finish(begun[0], .refused, at: due, jitter: 0.5) == .retry(at: due + 300_000))
  }

  @Test("A full queue throws away the oldest event of the room with most of them that is not under way")
  func capacity() {
    var queue = DeliveryQueue(capacity: 4)
    #expect(queue.add(item(1, "quiet")) == nil)
    for sequence in 2...4 { #expect(queue.add(item(Int64(sequence), "loud")) == nil) }
    let begun = queue.begin(at: Self.start, limit: 4)
    #expect(begun.map(\.sequence) == [1, 2])
    #expect(queue.add(item(5, "other")) == .dropped(item(3, "loud")))
    #expect(queue.add(item(6, "loud")) == .dropped(item(4, "loud")))
    for sequence in 7...20 {
      #expect(queue.add(item(Int64(sequence), "loud")) == .dropped(item(Int64(sequence - 1), "loud")))
    }
    #expect(queue.count == 4)
    for item in begun { #expect(queue.finish(item, .taken, at: Self.start, jitter: 0) == .delivered) }
    #expect(run(&queue) { _, _ in .taken }.map(\.item.sequence) == [5, 20])
  }

  @Test("Where every room has as many events waiting, the oldest of all is thrown away")
  func equalLanes() {
    var queue = DeliveryQueue(capacity: 3)
    for sequence in 1...3 { _ = queue.add(item(Int64(sequence), "r\(sequence)")) }
    #expect(queue.add(item(4, "r4")) == .dropped(item(1, "r1")))
    #expect(queue.add(item(5, "r3")) == .dropped(item(3, "r3")))
  }

  @Test("A newer update takes the place of one that was not tried, at the end of its room's events")
  func updates() {
    func update(_ sequence: Int64, _ lane: String = "r") -> DeliveryQueue.Item {
      DeliveryQueue.Item(sequence: sequence, lane: lane, createdAt: Self.start, isUpdate: true)
    }
    var queue = DeliveryQueue()
    #expect(queue.add(update(1)) == nil && queue.add(update(2, "other")) == nil)
    #expect(queue.begin(at: Self.start, limit: 1) == [update(1)])
    #expect(queue.add(update(3)) == nil && queue.add(item(4)) == nil)
    #expect(queue.add(update(5)) == .outdated(update(3)))
    #expect(queue.finish(update(1), .refused, at: Self.start, jitter: 0.5) == .retry(at: Self.start + 1000))
    #expect(queue.add(update(6)) == .outdated(update(5)))
    #expect(queue.count == 4)
    let taken = run(&queue) { _, _ in .taken }
    #expect(taken.map(\.item.sequence) == [2, 1, 4, 6])
    #expect(taken.dropFirst().allSatisfy { $0.at >= Self.start + 1000 })
  }

  @Test("What a receiver wants no more is not sent again, and holds nothing up")
  func hopeless() {
    var queue = DeliveryQueue()
    for sequence in 1...2 { _ = queue.add(item(Int64(sequence))) }
    let log = run(&queue) { item, _ in item.sequence == 1 ? .hopeless : .taken }
    #expect(log.map(\.verdict) == [.givenUp, .delivered])
  }

  @Test("The end of a try that the queue does not know of changes nothing")
  func unknownTry() {
    var queue = DeliveryQueue()
    _ = queue.add(item(1))
    #expect(queue.finish(item(1), .taken, at: Self.start, jitter: 0) == .givenUp)
    #expect(queue.count == 1 && queue.busy == 0)
    #expect(queue.begin(at: Self.start, limit: 1).map(\.sequence) == [1])
  }

  @Test("Whatever happens, every event is delivered, given up or displaced exactly once, and in the order of its room")
  func randomRuns() {
    for seed in 0..<200 {
      var chance = SeededChance(seed: UInt64(seed))
      var queue = DeliveryQueue(capacity: 40)
      var ended: [Int64: Int] = [:]
      var last: [String: Int64] = [:]
      var (now, made) = (Self.start, Int64(0))
      for _ in 0..<400 {
        if chance.next(3) == 0 {
          made += 1
          var event = item(made, "r\(chance.next(5))", at: now)
          event.isUpdate = chance.next(2) == 0
          switch queue.add(event) {
          case .outdated(let old), .dropped(let old): ended[old.sequence, default: 0] += 1
          case nil: break
          }
        }
        for item in queue.begin(at: now, limit: 3) {
          #expect(item.sequence > last[item.lane, default: 0] || item.attempts > 0)
          let outcome: DeliveryQueue.Outcome = [.taken, .refused, .refused, .hopeless][chance.next(4)]
          let verdict = queue.finish(item, outcome, at: now, jitter: Double(chance.next(100)) / 100)
          if case .retry = verdict { continue }
          ended[item.sequence, default: 0] += 1
          last[item.lane] = item.sequence
        }
        now += Int64(chance.next(600_000))
        #expect(queue.count <= 40 && queue.busy == 0)
      }
      #expect(ended.values.allSatisfy { $0 == 1 })
      #expect(ended.count + queue.count == Int(made))
    }
  }
}

/// The same chance in every run.
struct SeededChance {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}
