import Testing

@testable import MixCore

@Suite("Audio playout when the way or the timestamps shift")
struct AudioShiftTests {
  private static let tone = Result { try AudioSource.tone(440, seconds: 12) }
  /// The first packet after the shift, at 4 s.
  private static let shifted = 200

  /// Sound is there within 300 ms of the first packet, whole from then on.
  private func expectTone(_ run: PlayoutRun, from back: Double) {
    let heard = back + 0.3
    #expect(Spectrum.longestSilence(run.samples(heard, 11.4)) < 480)
    #expect(abs(Spectrum.power(of: 440, in: run.samples(heard, heard + 0.1)) + 12.04) < 2)
    #expect(abs(Spectrum.power(of: 440, in: run.samples(11, 11.1)) + 12.04) < 2)
  }

  @Test("On a way that has become longer sound is back with its packets", arguments: [450, 600, 1_000, 2_500])
  func longerWay(milliseconds: Int64) throws {
    let sent = try Self.tone.get()
    let way = AudioNetwork(seed: 1)
    var detour = way
    detour.transit += .milliseconds(milliseconds)
    let arrivals = way.carried(Array(sent[..<Self.shifted])) + detour.carried(Array(sent[Self.shifted...]))
    let run = try PlayoutRun.of(arrivals, seconds: 11.5)
    let back = arrivals[Self.shifted].time.seconds
    expectTone(run, from: back)
    let expected = run.delay(2, 3.9).mean + Double(milliseconds)
    let delay = run.delay(back + 0.5, 11.5)
    #expect(delay.least > expected - 25 && delay.most < expected + 25)
  }

  @Test("Timestamps that stood still in a pause cost no speech after it", arguments: [450, 1_000, 2_500])
  func stillTimestamps(milliseconds: Int64) throws {
    var sent = try Self.tone.get()
    for index in sent.indices where index >= Self.shifted {
      sent[index].complete += .milliseconds(milliseconds)
      sent[index].capture += .milliseconds(milliseconds)
    }
    let arrivals = AudioNetwork(seed: 1).carried(sent)
    let run = try PlayoutRun.of(arrivals, seconds: 11.5)
    let back = arrivals[Self.shifted].time.seconds
    expectTone(run, from: back)
    #expect(run.delay(back + 0.5, 11.5).most < run.delay(2, 3.9).mean + 25)
  }

  @Test("On a way that has become shorter the delay is normal within five seconds")
  func shorterWay() throws {
    let sent = try Self.tone.get()
    let way = AudioNetwork(seed: 1)
    var detour = way
    detour.transit += .milliseconds(600)
    var arrivals = detour.carried(Array(sent[..<Self.shifted])) + way.carried(Array(sent[Self.shifted...]))
    // New packets overtake the last old ones.
    arrivals.sort { $0.time < $1.time }
    let run = try PlayoutRun.of(arrivals, seconds: 11.5)
    let back = try #require(run.timeUntilNormal(run.delay(2, 3.9).mean - 600, from: 4.05))
    print("way shorter by 600 ms: delay normal after \(back) s")
    #expect(back < 5)
    #expect(Spectrum.longestSilence(run.samples(1, 11.4)) < 300 * 48)
  }

  @Test("What was held up for long and comes ten times as fast as it was sent is not played late")
  func heap() throws {
    let end = MediaTime.milliseconds(5_500)
    var arrivals = AudioNetwork(seed: 5).carried(try Self.tone.get(), holding: [.seconds(4)..<end])
    for index in arrivals.indices.dropFirst() {
      arrivals[index].time = max(arrivals[index].time, arrivals[index - 1].time + .milliseconds(2))
    }
    let run = try PlayoutRun.of(arrivals, seconds: 11.5)
    let normal = run.delay(2, 3.9).mean
    let back = try #require(run.timeUntilNormal(normal, from: end.seconds))
    #expect(back < 5)
    #expect(run.delay(end.seconds + 0.3, 11.5).most < normal + 450)
  }

  /// Milliseconds after which packets of 20 ms, sent evenly, count as shifted while they come every `interval`.
  private func timeUntilShift(every interval: Int64) -> Int64? {
    var watch = DetourWatch()
    var (time, lateness) = (Int64(0), Int64(1_500))
    while lateness > 0, time < 5_000 {
      let packets = watch.note(
        lateness: .milliseconds(lateness), limit: .milliseconds(400), arrival: .milliseconds(time))
      if packets != nil { return time }
      time += interval
      lateness += interval - 20
    }
    return nil
  }

  @Test("Packets that catch up are no shift, however slowly", arguments: [0, 2, 5, 10, 15])
  func catchingUp(interval: Int64) {
    #expect(timeUntilShift(every: interval) == nil)
  }

  @Test("Packets that keep their pace are", arguments: [20, 22])
  func keepingPace(interval: Int64) throws {
    let time = try #require(timeUntilShift(every: interval))
    #expect(time <= 160)
  }

  @Test("One packet in time among the late ones tells that nothing has shifted")
  func punctual() {
    var watch = DetourWatch()
    for number in 0..<Int64(200) {
      let late = number % 6 != 0
      let packets = watch.note(
        lateness: .milliseconds(late ? 700 : 10), limit: .milliseconds(400), arrival: .milliseconds(20 * number))
      #expect(packets == nil)
    }
  }
}
