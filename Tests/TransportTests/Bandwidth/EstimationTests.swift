import MixCore
import Testing

@testable import Transport

@Suite("Parts of the estimate")
struct EstimationTests {
  @Test("A queue that grows is told from one that only jitters", arguments: [0.0, 0.1, 0.4])
  func trend(growth: Double) {
    var random = SeededRandom(seed: 5)
    var groups = PacketGroups()
    var trend = DelayTrend()
    var states: [DelayTrend.State] = []
    for index in 0..<300 {
      let sent = MediaTime.milliseconds(Int64(index) * 20)
      let jitter = MediaTime.microseconds(Int64.random(in: 0...3000, using: &random))
      let queue = MediaTime(seconds: growth * Double(max(0, index - 100)) * 0.02)
      if let delta = groups.note(sent: sent, arrival: sent + .seconds(900) + jitter + queue) {
        trend.note(delta)
        states.append(trend.state)
      }
    }
    #expect(!states.prefix(95).contains(.growing))
    #expect(states.contains(.growing) == (growth > 0))
  }

  @Test("Arrivals so far apart that no number tells by how much do no harm")
  func lies() {
    var groups = PacketGroups()
    // Two groups 24 ms apart by their sending and by half of all numbers less 24 ms by their arrival.
    let last = MediaTime(nanoseconds: .max) - .seconds(1) + .milliseconds(24) + MediaTime(nanoseconds: 1)
    let packets: [(sent: Int64, arrival: MediaTime)] = [
      (0, -.seconds(1)), (20, MediaTime(nanoseconds: 1 << 62)), (24, last), (50, last + .milliseconds(26)),
    ]
    let deltas = packets.compactMap { groups.note(sent: .milliseconds($0.sent), arrival: $0.arrival) }
    #expect(deltas.isEmpty)
  }

  /// Sends at changing rates over a path with a limit that drops what is too much, and loses some of the rest.
  private static func lossBound(inherent: Double, limit: Double) -> LossBound {
    var random = SeededRandom(seed: 9)
    var bound = LossBound()
    var now = MediaTime.zero
    for round in 0..<40 {
      let rate = 400_000.0 + Double(round * 7 % 10) * 60_000
      let excess = max(0, 1 - limit / rate)
      for _ in 0..<Int(rate * 0.3 / 9600) {
        now += MediaTime(seconds: 9600 / rate)
        let isLost = Double.random(in: 0..<1, using: &random) < inherent + (1 - inherent) * excess
        bound.note(sent: now, bytes: 1200, isLost: isLost)
      }
      bound.update(current: 1_000_000, throughput: rate * (1 - inherent) * (1 - excess), probed: nil)
    }
    return bound
  }

  @Test("Loss that does not follow the rate is no reason to send less; loss that does, is")
  func loss() {
    #expect(Self.lossBound(inherent: 0.01, limit: .infinity).bitrate == nil)
    #expect(Self.lossBound(inherent: 0.1, limit: .infinity).bitrate ?? .infinity > 900_000)
    let limited = Self.lossBound(inherent: 0.0, limit: 500_000).bitrate ?? .infinity
    #expect((300_000...650_000).contains(limited))
  }

  @Test(
    "A cluster measures what the path carries, or its own rate if that is less", arguments: [1_000_000.0, 8_000_000])
  func probe(capacity: Double) throws {
    var measurement = ProbeMeasurement()
    var cluster = ProbeCluster(number: 1, rate: 3_000_000, now: .zero)
    measurement.begin(cluster)
    var sent = MediaTime.zero
    var freeAt = MediaTime.zero
    while !cluster.isComplete {
      cluster.noteSent(bytes: 1000, now: sent)
      freeAt = max(freeAt, sent) + MediaTime(seconds: 8000 / capacity)
      measurement.noteArrival(cluster: 1, bytes: 1000, sent: sent, arrival: freeAt)
      sent += MediaTime(seconds: 8000 / 3_000_000)
    }
    let results = [measurement.takeResult(), measurement.takeResult()]
    let result = try #require(results[0])
    let expected = min(capacity, 3_000_000)
    #expect(abs(result.measured - expected) < expected * 0.1)
    #expect(result.isLimit == (capacity < 3_000_000))
    #expect(results[1] == nil)
  }

  @Test("A packet that was reported as lost and comes later is told in the next report")
  func late() {
    var receiver = TransportReceiver()
    func report() -> [UInt16: Bool] {
      let bytes = writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
      var all: [UInt16: Bool] = [:]
      unsafe bytes.withUnsafeBytes { buffer in
        for case .transportFeedback(let report) in unsafe RTCPCompound(buffer) {
          for status in report { all[status.sequence] = status.arrival != nil }
        }
      }
      return all
    }
    for number: UInt16 in [1, 2, 4, 5] {
      receiver.note(number, ssrc: 1, bytes: 900, arrival: .milliseconds(Int64(number)))
    }
    let first = report()
    #expect(first == [1: true, 2: true, 3: false, 4: true, 5: true])
    receiver.note(6, ssrc: 1, bytes: 900, arrival: .milliseconds(60))
    receiver.note(3, ssrc: 1, bytes: 900, arrival: .milliseconds(70))
    let second = report()
    #expect(second == [3: true, 4: true, 5: true, 6: true])
    receiver.note(3, ssrc: 1, bytes: 900, arrival: .milliseconds(80))
    let third = report()
    #expect(third.isEmpty)
  }

  @Test("A gate that closed opens with a key frame only, and asks for one once there is room")
  func gate() {
    var gate = VideoGate()
    let (wait, length) = (MediaTime.milliseconds(300), MediaTime.milliseconds(100))
    let closing = [
      gate.admits(isKeyFrame: false, wait: .milliseconds(200), length: length),
      gate.admits(isKeyFrame: false, wait: wait, length: length),
      gate.admits(isKeyFrame: false, wait: .zero, length: length),
    ]
    #expect(closing == [true, false, false])
    let asking = [
      gate.takeRequest(hasRoom: false, now: .seconds(1)), gate.takeRequest(hasRoom: true, now: .seconds(1)),
      gate.takeRequest(hasRoom: true, now: .seconds(1) + .milliseconds(500)),
    ]
    #expect(asking == [false, true, false])
    let opening = [
      gate.admits(isKeyFrame: true, wait: .zero, length: .seconds(1)),
      gate.admits(isKeyFrame: true, wait: .zero, length: length), gate.takeRequest(hasRoom: true, now: .seconds(9)),
    ]
    #expect(opening == [false, true, false])
  }

  @Test("A gate asks ever more seldom while the stream does not get going, and at once after it ran for long")
  func gateBacksOff() {
    var gate = VideoGate()
    var asked: [MediaTime] = []
    for step in 0..<600 as Range<Int64> {
      let now = MediaTime.milliseconds(100) * step
      if gate.takeRequest(hasRoom: true, now: now) {
        asked.append(now)
        _ = gate.admits(isKeyFrame: true, wait: .zero, length: .milliseconds(400))
      }
      gate.close()
    }
    let pauses = zip(asked.dropFirst(), asked).map { $0 - $1 }
    #expect(Array(pauses.prefix(3)) == [.seconds(1), .seconds(2), .seconds(4)])
    #expect(pauses.dropFirst(3).allSatisfy { $0 == .seconds(4) })
    let later = [
      gate.takeRequest(hasRoom: true, now: .seconds(120)), gate.takeRequest(hasRoom: true, now: .seconds(121)),
    ]
    #expect(later == [true, true])
  }

  @Test("A gate does not open for a key frame whose successors would close it again")
  func gateWithQueue() {
    var gate = VideoGate()
    gate.close()
    let opening = [
      gate.admits(isKeyFrame: true, wait: .milliseconds(300), length: .milliseconds(100)),
      gate.admits(isKeyFrame: true, wait: .milliseconds(200), length: .milliseconds(290)),
    ]
    #expect(opening == [false, true])
  }
}
