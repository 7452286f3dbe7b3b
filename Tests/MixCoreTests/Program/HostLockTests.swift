import MixCore
import Testing

/// Minutes of a host's pictures on virtual time: how long each waits for its tick, and which are shown twice or never.
@Suite struct HostLockTests {
  private struct Outcome {
    var waits: [MediaTime] = []
    var repeats = 0
    var skips = 0
    var missed: Int64 = 0
    var times: [MediaTime] = []
    /// Program instants against the local clock.
    var offsets: [MediaTime] = []
  }

  /// - Parameter arrivals: when the host's pictures become ready, ascending.
  private func run(_ arrivals: [MediaTime], frameRate: Int = 30, settle: MediaTime = .seconds(2)) -> Outcome {
    var clock = ProgramClock(start: .zero, frameRate: frameRate)
    var outcome = Outcome()
    var waiting: [MediaTime] = []
    var next = 0
    var now = MediaTime.zero
    while next < arrivals.count {
      now = min(max(now, clock.nextDeadline), max(now, arrivals[next]))
      while next < arrivals.count, arrivals[next] <= now {
        clock.hostPictureReady(at: arrivals[next])
        waiting.append(arrivals[next])
        next += 1
      }
      while let tick = clock.nextTick(at: now) {
        if case .missedVideo(let count) = tick { outcome.missed += count }
        guard case .video(_, let time) = tick else { continue }
        outcome.times.append(time)
        defer { waiting.removeAll() }
        guard now > settle else { continue }
        outcome.offsets.append(now - time)
        guard let newest = waiting.last else {
          outcome.repeats += 1
          continue
        }
        outcome.waits.append(now - newest)
        outcome.skips += waiting.count - 1
      }
    }
    return outcome
  }

  private func arrivals(
    interval: Double = 1_000 / 30, offset: Double, minutes: Double = 5, seed: UInt64,
    late: (inout SeededRandom) -> Double
  ) -> [MediaTime] {
    var random = SeededRandom(seed)
    return (0..<Int(minutes * 60_000 / interval)).map { number in
      MediaTime(seconds: (Double(number) * interval + offset + late(&random)) / 1_000)
    }.sorted()
  }

  @Test(
    "A host at the programme's rate, some milliseconds uneven: each picture in its own frame, at once, for minutes",
    arguments: [0.5, 9, 14, 17.3, 25, 32.9])
  func steady(offset: Double) {
    let outcome = run(arrivals(offset: offset, seed: 7) { Double.random(in: 1...5, using: &$0) })
    #expect(outcome.repeats == 0 && outcome.skips == 0 && outcome.missed == 0)
    #expect(outcome.waits.max() == .zero)
    #expect(outcome.times == (0..<Int64(outcome.times.count)).map { MediaTime(count: $0, rate: 30) })
  }

  @Test("A host whose pictures are sometimes late by up to a period leaves no picture waiting for a whole one")
  func lateOnes() throws {
    let pictures = arrivals(offset: 17, seed: 3) { random in
      Double.random(in: 1...5, using: &random) + (random.chance(0.02) ? Double.random(in: 5...35, using: &random) : 0)
    }
    let outcome = run(pictures)
    let waits = try #require(Percentiles(of: outcome.waits))
    #expect(waits.p50 == .zero && waits.p99 < .milliseconds(17))
    #expect(outcome.missed == 0)
    #expect(outcome.repeats < pictures.count * 2 / 100)
  }

  @Test(
    "A host at another rate: a picture is repeated or left out as the rates say, and none waits",
    arguments: [33.3667, 33.3, 33.5, 34, 66.667])
  func otherRates(interval: Double) throws {
    let pictures = arrivals(interval: interval, offset: 17, seed: 5) { Double.random(in: 1...5, using: &$0) }
    let outcome = run(pictures)
    #expect(try #require(Percentiles(of: outcome.waits)).p99 < .milliseconds(10))
    let surplus = outcome.repeats - outcome.skips
    let expected = Double(outcome.offsets.count) - 298_000 / interval
    #expect(abs(Double(surplus) - expected) <= 3)
    #expect(min(outcome.repeats, outcome.skips) <= 2)
  }

  @Test("A picture is never presented more than 15 ms before it is shown, so that it is not ahead of its sound")
  func neverAhead() {
    for offset in [0.5, 9, 14, 17.3, 25, 32.9] {
      let outcome = run(arrivals(offset: offset, seed: 9, late: { _ in 0 }))
      #expect((outcome.offsets.max() ?? .zero) <= .milliseconds(15))
      #expect((outcome.offsets.min() ?? .zero) >= .milliseconds(-31))
    }
  }
}
