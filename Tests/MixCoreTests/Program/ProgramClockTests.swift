import MixCore
import Testing

@Suite struct ProgramClockTests {
  private static let second = MediaTime.seconds(1)

  /// Every tick up to `end`, asked for exactly at the clock's own deadlines.
  private func run(_ clock: inout ProgramClock, to end: MediaTime, host: (MediaTime) -> Bool = { _ in false })
    -> [(at: MediaTime, tick: ProgramClock.Tick)]
  {
    var result: [(MediaTime, ProgramClock.Tick)] = []
    var now = clock.start
    while now < end {
      if host(now) { clock.hostPictureReady(at: now) }
      while let tick = clock.nextTick(at: now) { result.append((now, tick)) }
      now = min(now + .milliseconds(1), end)
    }
    return result
  }

  private func videoTimes(_ ticks: [(at: MediaTime, tick: ProgramClock.Tick)]) -> [MediaTime] {
    ticks.compactMap { if case .video(_, let time) = $0.tick { time } else { nil } }
  }

  @Test("Without a host it ticks at the nominal instants")
  func runsFree() {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    let ticks = run(&clock, to: Self.second)
    let audio = ticks.filter { if case .audio = $0.tick { true } else { false } }
    #expect(audio.count == 100)
    #expect(videoTimes(ticks) == (0..<25).map { MediaTime.milliseconds($0 * 40) })
    for (at, tick) in ticks {
      if case .video(_, let time) = tick { #expect(at == time) }
    }
  }

  @Test("A frame is due as soon as the host's picture is there, and keeps its nominal time")
  func followsHost() {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    // The host's pictures become ready 13 ms after each nominal instant.
    let ticks = run(&clock, to: Self.second) { ($0.nanoseconds / 1_000_000) % 40 == 13 }
    let video = ticks.filter { if case .video = $0.tick { true } else { false } }
    for entry in video.dropFirst(4) {
      #expect((entry.at.nanoseconds / 1_000_000) % 40 == 13)
    }
    let times = videoTimes(ticks)
    #expect(times == (0..<Int64(times.count)).map { MediaTime.milliseconds($0 * 40) })
    #expect(times.count >= 24)
  }

  @Test("A host that stops does not stop the programme")
  func hostStops() {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    let ticks = run(&clock, to: .seconds(2)) { $0 < Self.second && ($0.nanoseconds / 1_000_000) % 40 == 5 }
    let times = videoTimes(ticks)
    #expect(times == (0..<Int64(times.count)).map { MediaTime.milliseconds($0 * 40) })
    #expect(times.count >= 49)
  }

  @Test(
    "Pictures that come early or late by some milliseconds each get their own frame", arguments: [1, 2, 3] as [UInt64])
  func jitteringHost(seed: UInt64) {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    var random = SeededRandom(seed)
    var arrivals = (0..<250).map { Int64($0 * 40 + 33) + Int64.random(in: -8...8, using: &random) }[...]
    var arrived: [MediaTime] = []
    let ticks = run(&clock, to: .seconds(10)) { now in
      guard let next = arrivals.first, next * 1_000_000 <= now.nanoseconds else { return false }
      arrivals.removeFirst()
      arrived.append(now)
      return true
    }
    let frames = ticks.compactMap { if case .video = $0.tick { $0.at } else { nil } }
    let repeats = zip(frames, frames.dropFirst()).filter { from, to in !arrived.contains { $0 > from && $0 <= to } }
      .count
    #expect(repeats <= 3)
  }

  @Test("A host at a slightly different rate never makes the programme gain or lose time", arguments: [39.96, 40.04])
  func driftingHost(interval: Double) {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    var next = 5.0
    let ticks = run(&clock, to: .seconds(120)) { now in
      guard now.milliseconds >= next else { return false }
      next += interval
      return true
    }
    for (at, tick) in ticks {
      if case .video(_, let time) = tick { #expect(abs((at - time).milliseconds) <= 45) }
    }
    #expect(abs(videoTimes(ticks).count - 3_000) <= 1)
  }

  @Test("A host at half the rate leaves every frame in place")
  func slowHost() {
    var clock = ProgramClock(start: .zero, frameRate: 50)
    let ticks = run(&clock, to: .seconds(2)) { ($0.nanoseconds / 1_000_000) % 40 == 7 }
    let video = ticks.filter { if case .video = $0.tick { true } else { false } }
    #expect(video.count >= 99)
    let gaps = zip(video, video.dropFirst()).map { ($1.at - $0.at).milliseconds }
    #expect(gaps.dropFirst(10).allSatisfy { $0 <= 31 })
    // Once it is known that he has no more of them, no tick waits for one.
    #expect(gaps.dropFirst(24).allSatisfy { $0 <= 21 })
  }

  @Test("A loop that was stopped gives up pictures and says how many, but keeps the time line")
  func missedTicks() {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    _ = run(&clock, to: .milliseconds(100))
    var missed: Int64 = 0
    var times: [MediaTime] = []
    while let tick = clock.nextTick(at: .milliseconds(1_000)) {
      if case .missedVideo(let count) = tick { missed += count }
      if case .video(_, let time) = tick { times.append(time) }
    }
    #expect(missed == 21)
    #expect(times == [.milliseconds(960), .milliseconds(1_000)])
  }

  @Test("Sound that could not be mixed in time is caught up", arguments: [50, 400])
  func soundCatchesUp(pause: Int64) {
    var clock = ProgramClock(start: .zero, frameRate: 25)
    _ = run(&clock, to: .milliseconds(100))
    var blocks = 0
    while let tick = clock.nextTick(at: .milliseconds(100 + pause)) {
      if case .audio = tick { blocks += 1 }
    }
    #expect(blocks == Int(pause / 10) + 1)
  }
}
