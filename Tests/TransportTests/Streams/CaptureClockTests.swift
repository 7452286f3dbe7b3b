import MixCore
import Testing

@testable import Transport

@Suite("Capture time")
struct CaptureClockTests {
  static func ntp(_ seconds: Double) -> NTPTimestamp {
    NTPTimestamp(.seconds(3_900_000_000) + MediaTime(seconds: seconds))
  }

  /// Feeds `count` packets of 20 ms each to a track; answers the last estimate's distance from the arrival.
  @discardableResult
  static func feed(
    _ clock: inout CaptureClock, track: Int, rate: Int64, count: Int = 50, from start: MediaTime = .seconds(10),
    firstTimestamp: UInt32 = 5000, delay: (Int) -> MediaTime
  ) -> MediaTime {
    var late = MediaTime.zero
    for index in 0..<count {
      let captured = MediaTime.milliseconds(20) * Int64(index)
      let arrival = start + captured + delay(index)
      let timestamp = firstTimestamp &+ UInt32(truncatingIfNeeded: captured.count(rate: rate))
      late = arrival - clock.note(track: track, timestamp: timestamp, arrival: arrival)
      #expect(late >= .zero && late <= .seconds(1))
    }
    return late
  }

  @Test("Before any report, the fastest packet is taken to have come without delay")
  func arrivalBased() {
    var clock = CaptureClock(clockRates: [90_000])
    let late = Self.feed(&clock, track: 0, rate: 90_000) { .milliseconds($0 == 3 ? 0 : Int64($0 % 7) * 5 + 5) }
    #expect(abs((late - .milliseconds(Int64(49 % 7) * 5 + 5)).milliseconds) < 0.1)
  }

  @Test("With reports, sound and slower picture of one instant get the same time")
  func aligned() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    clock.map(track: 1, timestamp: 9000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    // The encoder of the picture takes 80 ms more.
    let late = Self.feed(&clock, track: 1, rate: 90_000, firstTimestamp: 9000) { _ in .milliseconds(90) }
    #expect(abs((late - .milliseconds(80)).milliseconds) < 0.1)
  }

  @Test("A report that comes later moves nothing by itself")
  func lateReport() {
    var clock = CaptureClock(clockRates: [48_000])
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(30) }
    let before = clock.captureTime(track: 0, timestamp: 5960, arrival: .seconds(10) + .milliseconds(60))
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(123), isCaptureTime: false, now: .seconds(10))
    let after = clock.captureTime(track: 0, timestamp: 5960, arrival: .seconds(10) + .milliseconds(60))
    #expect(abs((before - after).nanoseconds) < 1000)
  }

  @Test(
    "A report that is wrong by hours, or nonsense, spoils neither track",
    arguments: [0, 1, UInt64.max, 0x8000_0000_0000_0000, 0xe800_0000_0000_0000])
  func wrongReport(raw: UInt64) {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    clock.map(
      track: 1, timestamp: 0x7fff_0000, to: NTPTimestamp(rawValue: raw), isCaptureTime: false, now: .seconds(10))
    let sound = Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let picture = Self.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(90) }
    #expect(sound < .milliseconds(1))
    #expect(picture < .milliseconds(1))
  }

  @Test("A picture that needs more than a second to leave, and a queue that runs empty, are late and no new beginning")
  func slowPicture() {
    var clock = CaptureClock(clockRates: [90_000])
    Self.feed(&clock, track: 0, rate: 90_000) { _ in .zero }
    let captured = MediaTime.seconds(11)
    for packet in 0..<20 as Range<Int64> {
      let arrival = captured + .milliseconds(1050) + .milliseconds(20) * packet
      _ = clock.note(track: 0, timestamp: 5000 + 90_000, arrival: arrival)
    }
    for picture in 1..<40 as Range<Int64> {
      let arrival = captured + .milliseconds(1430) + .milliseconds(5) * picture
      _ = clock.note(track: 0, timestamp: UInt32(5000 + 90_000 + 1800 * picture), arrival: arrival)
    }
    let late = Self.feed(&clock, track: 0, rate: 90_000, from: .seconds(13), firstTimestamp: 5000 + 3 * 90_000) { _ in
      .milliseconds(20)
    }
    #expect(abs((late - .milliseconds(20)).milliseconds) < 1)
  }

  /// A packet of both tracks each 20 ms, `delay` later, and a report of both each second.
  private static func run(
    _ clock: inout CaptureClock, seconds: Range<Int64>, delay: (MediaTime) -> MediaTime,
    each: (_ at: MediaTime, _ late: [MediaTime]) -> Void
  ) {
    for step in (seconds.lowerBound * 50)..<(seconds.upperBound * 50) {
      let captured = MediaTime.milliseconds(20) * step
      let arrival = MediaTime.seconds(100) + captured + delay(captured)
      let timestamps = [48_000, 90_000].map { UInt32(truncatingIfNeeded: captured.count(rate: $0)) }
      for track in 0..<2 where step % 50 == 0 {
        clock.map(
          track: track, timestamp: timestamps[track], to: ntp(captured.seconds), isCaptureTime: false, now: arrival)
      }
      let late = (0..<2).map { arrival - clock.note(track: $0, timestamp: timestamps[$0], arrival: arrival) }
      each(captured, late)
    }
  }

  @Test("A way that becomes longer for good moves what was captured when by nothing that can be seen")
  func longerWay() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    var before: MediaTime?
    var (greatest, apart) = (MediaTime.zero, MediaTime.zero)
    let way = { (at: MediaTime) in at < .seconds(10) ? MediaTime.milliseconds(20) : .milliseconds(220) }
    Self.run(&clock, seconds: 0..<60, delay: way) { at, late in
      apart = max(apart, late[0] - late[1], late[1] - late[0])
      if at > .seconds(11), let before { greatest = max(greatest, before - late[0]) }
      before = late[0]
    }
    #expect(greatest <= .milliseconds(1) && apart <= .milliseconds(1))
    #expect(before.map { $0 < .milliseconds(10) } ?? false)
  }

  @Test("Sound and pictures that were both placed wrongly behind a long queue come together again")
  func longQueue() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    var apart = MediaTime.zero
    let queue = { (at: MediaTime) -> MediaTime in
      switch at.seconds {
      case ..<10: .milliseconds(20)
      case ..<16: .milliseconds(2_500)
      case ..<20: .milliseconds(20) + (.seconds(20) - at) * 62 / 100
      default: .milliseconds(20)
      }
    }
    Self.run(&clock, seconds: 0..<40, delay: queue) { at, late in
      if at > .seconds(26) { apart = max(apart, late[0] - late[1], late[1] - late[0]) }
    }
    #expect(apart <= .milliseconds(5))
  }

  /// Sound each 20 ms and a picture each 60 ms, in the order of their arrival: `queue` later are pictures that the sender
  /// has not sent before. A report of both each second.
  private static func runQueue(
    _ clock: inout CaptureClock, seconds: Int64, queue: (Double) -> Double,
    each: (_ at: MediaTime, _ track: Int, _ late: MediaTime) -> Void
  ) {
    var packets: [(arrival: MediaTime, captured: MediaTime, track: Int)] = []
    var last = MediaTime.zero
    for step in 0..<(seconds * 50) {
      let captured = MediaTime.milliseconds(20) * step
      packets.append((captured + .milliseconds(30), captured, 0))
      guard step % 3 == 0 else { continue }
      last = max(last, captured + .milliseconds(35) + MediaTime(seconds: queue(captured.seconds)))
      packets.append((last, captured, 1))
    }
    var reported = [-1, -1]
    for packet in packets.sorted(by: { $0.arrival < $1.arrival }) {
      let rate: Int64 = packet.track == 0 ? 48_000 : 90_000
      let timestamp = UInt32(truncatingIfNeeded: packet.captured.count(rate: rate))
      let arrival = MediaTime.seconds(100) + packet.arrival
      if Int(packet.arrival.seconds) != reported[packet.track] {
        reported[packet.track] = Int(packet.arrival.seconds)
        clock.map(
          track: packet.track, timestamp: timestamp, to: ntp(packet.captured.seconds),
          isCaptureTime: false, now: arrival)
      }
      let estimate = clock.note(track: packet.track, timestamp: timestamp, arrival: arrival)
      each(packet.arrival, packet.track, estimate - .seconds(100) - packet.captured)
    }
  }

  @Test(
    "Pictures that the sender holds back for seconds, and their coming back, move neither sound nor themselves",
    arguments: [1.2, 2.4, 4.0], [0.2, 1.0, 3.0])
  func pacedPictures(longest: Double, draining: Double) {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    var (sound, picture) = (MediaTime.zero, MediaTime.zero)
    let queue = { (at: Double) -> Double in
      switch at {
      case ..<10: 0
      case ..<14: longest * (at - 10) / 4
      case ..<18: longest
      default: max(0, longest * (1 - (at - 18) / draining))
      }
    }
    Self.runQueue(&clock, seconds: 40, queue: queue) { at, track, error in
      // All that cannot be known is the 30 ms that everything takes.
      let apart = (error - .milliseconds(30)).nanoseconds.magnitude
      if at > .seconds(3), track == 0 { sound = max(sound, MediaTime(nanoseconds: Int64(apart))) }
      if at > .seconds(24), track == 1 { picture = max(picture, MediaTime(nanoseconds: Int64(apart))) }
    }
    #expect(sound <= .milliseconds(2) && picture <= .milliseconds(2))
  }

  @Test("A clock that stood still for long is followed from then on")
  func standstill() {
    var clock = CaptureClock(clockRates: [48_000])
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let firstTimestamp = UInt32(5000 + 48_000)
    let late = Self.feed(
      &clock, track: 0, rate: 48_000, count: 11, from: .seconds(13) + .milliseconds(500), firstTimestamp: firstTimestamp
    ) { .milliseconds(Int64($0 % 4) * 7) }
    #expect(late < .milliseconds(40))
  }

  @Test("What is restlessly late for more than two seconds is followed as well, and no sooner")
  func restlessStandstill() {
    var clock = CaptureClock(clockRates: [48_000])
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let restless: (Int) -> MediaTime = { .milliseconds($0 % 2 == 0 ? 0 : 60) }
    let start = MediaTime.seconds(13) + .milliseconds(500)
    let before = Self.feed(
      &clock, track: 0, rate: 48_000, count: 90, from: start, firstTimestamp: 5000 + 48_000, delay: restless)
    let later = Self.feed(
      &clock, track: 0, rate: 48_000, count: 20, from: start + .milliseconds(1800),
      firstTimestamp: 5000 + 48_000 + 86_400, delay: restless)
    #expect(before == .seconds(1))
    #expect(later < .milliseconds(100))
  }

  @Test("A jump of the sender's clock or of its timestamps is forgotten at once")
  func jumps() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(-3600), isCaptureTime: false, now: .seconds(10))
    #expect(Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) } < .milliseconds(1))
    let jumped = Self.feed(&clock, track: 0, rate: 48_000, from: .seconds(20), firstTimestamp: 0xf000_0000) { _ in .zero
    }
    #expect(jumped < .milliseconds(1))
  }

  @Test("Behind a jump the delay of the fastest packet before it counts, not that of the last")
  func jumpBehindLatePackets() {
    var clock = CaptureClock(clockRates: [48_000])
    Self.feed(&clock, track: 0, rate: 48_000) { .milliseconds($0 < 45 ? 10 : 210) }
    let jumped = Self.feed(
      &clock, track: 0, rate: 48_000, count: 20, from: .seconds(11), firstTimestamp: 5000 + 100 * 48_000
    ) { _ in .milliseconds(210) }
    #expect(abs((jumped - .milliseconds(200)).milliseconds) < 1)
  }

  @Test("Capture times of the packets themselves are believed before reports")
  func absoluteCaptureTime() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: true, now: .seconds(10))
    clock.map(track: 1, timestamp: 5000, to: Self.ntp(7), isCaptureTime: true, now: .seconds(10))
    clock.map(track: 1, timestamp: 5000, to: Self.ntp(7.5), isCaptureTime: false, now: .seconds(10))
    Self.feed(&clock, track: 0, rate: 48_000) { _ in .milliseconds(10) }
    let late = Self.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(40) }
    #expect(abs((late - .milliseconds(30)).milliseconds) < 0.1)
  }

  @Test("A sender's clock that runs fast or slow is followed for hours", arguments: [-200.0, 200.0])
  func drift(partsPerMillion: Double) {
    var clock = CaptureClock(clockRates: [48_000])
    var unwrapped = 0.0
    for step in 0..<36_000 {
      let arrival = MediaTime.milliseconds(Int64(step) * 100)
      unwrapped = Double(step) * 4800 * (1 + partsPerMillion / 1e6)
      let timestamp = UInt32(truncatingIfNeeded: Int64(unwrapped))
      let late = arrival - clock.note(track: 0, timestamp: timestamp, arrival: arrival)
      #expect(late >= .zero && late < .milliseconds(5))
    }
  }

  /// A sender for hours: sound and a picture that is 40 ms slower, both against clocks of their own, with reports.
  struct Sender {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    /// Parts per million by which sound is sampled too fast.
    var soundDrift = 0.0
    var tracks = [(rate: 48_000.0, offset: 5000.0), (rate: 90_000.0, offset: 4e9)]
    /// What the wall clock of a track's reports says at a time, in seconds; `nil` sends none.
    var wallClock: (_ track: Int, _ seconds: Double) -> Double? = { $1 + 100 }
    var worstSkew = 0.0
    /// The time since the skew was last greater than 40 ms.
    var lastFailure = -1.0

    func timestamp(_ track: Int, _ seconds: Double) -> UInt32 {
      let rate = tracks[track].rate * (track == 0 ? 1 + soundDrift / 1e6 : 1)
      return UInt32(truncatingIfNeeded: Int64(tracks[track].offset + seconds * rate))
    }

    mutating func run(from begin: Double, to end: Double, step: Double = 0.1) {
      for number in Int(begin / step)..<Int(end / step) {
        let now = Double(number) * step
        var estimates: [Double] = []
        for (track, late) in [0.02, 0.06].enumerated() {
          let arrival = MediaTime(seconds: 50 + now + late + Double(number * 7 % 11) * 0.001)
          let estimate = clock.note(track: track, timestamp: timestamp(track, now), arrival: arrival)
          estimates.append((estimate - .seconds(50)).milliseconds / 1000 - now)
          if number % Int(1 / step) == track * 3, let wall = wallClock(track, now) {
            clock.map(
              track: track, timestamp: timestamp(track, now), to: CaptureClockTests.ntp(wall), isCaptureTime: false,
              now: arrival)
          }
        }
        let skew = abs(estimates[0] - estimates[1])
        guard now > begin + 3 else { continue }
        worstSkew = max(worstSkew, skew)
        if skew > 0.04 { lastFailure = now }
      }
    }
  }

  @Test(
    "Sound that drifts from the picture is kept with it for hours by reports (row B1)", arguments: [-200.0, 0, 200])
  func alignedForHours(drift: Double) {
    var sender = Sender()
    sender.soundDrift = drift
    sender.run(from: 0, to: 3 * 3600)
    #expect(sender.worstSkew < 0.012)
  }

  @Test("A wall clock that is set by hours, for all tracks or for one, parts no sound from its picture")
  func wallClockSet() {
    var sender = Sender()
    sender.wallClock = { track, now in now + 100 + (now > 60 ? 3600 : 0) - (now > 120 && track == 0 ? 7200 : 0) }
    sender.run(from: 0, to: 180)
    #expect(sender.worstSkew < 0.012)
  }

  @Test("Reports that stand still, or jump about, are not believed")
  func nonsense() {
    var sender = Sender()
    sender.wallClock = { track, now in
      switch now {
      case ..<30: now + 100
      case 30..<90: track == 0 ? 130 : now + 100
      case 90..<150: now + 100 + (track == 1 ? Double(Int(now * 7919) % 5000) : 0)
      default: track == 0 ? nil : Double(Int(now) % 2) * 1e6
      }
    }
    sender.run(from: 0, to: 300)
    #expect(sender.worstSkew < 0.015)
  }

  @Test(
    "Timestamps that jump are followed at once, and sound and picture found together (row B2)",
    arguments: [2_147_483_648.0, -2_147_483_648, -10 * 90_000, 10 * 90_000, 123_456_789] as [Double], [0, 1])
  func timestampJump(jump: Double, track: Int) {
    var sender = Sender()
    sender.run(from: 0, to: 30, step: 0.02)
    sender.tracks[track].offset += jump
    sender.lastFailure = -1
    sender.run(from: 30, to: 60, step: 0.02)
    #expect(sender.worstSkew < 0.04)
    #expect(sender.lastFailure < 30.2)
  }

  @Test("Another source of a track is placed at once, whatever its timestamps say")
  func sourceChange() {
    for offset in [77.0, 1000, 4e9 + 20_000, 2e9] {
      var sender = Sender()
      sender.run(from: 0, to: 30, step: 0.02)
      sender.clock.restart(track: 1)
      sender.tracks[1].offset = offset
      sender.run(from: 30, to: 60, step: 0.02)
      #expect(sender.worstSkew < 0.04)
    }
  }

  @Test("Without any report each track goes by its own fastest packets, for hours")
  func withoutReports() {
    var sender = Sender()
    sender.soundDrift = 200
    sender.wallClock = { _, _ in nil }
    sender.run(from: 0, to: 3600)
    // All that cannot be known is that the picture is 40 ms slower.
    #expect(sender.worstSkew < 0.055)
  }

  @Test("A track that fell silent hours ago says nothing of the delay of the others")
  func silentTrack() {
    var clock = CaptureClock(clockRates: [48_000, 90_000])
    clock.map(track: 0, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    clock.map(track: 1, timestamp: 5000, to: Self.ntp(7), isCaptureTime: false, now: .seconds(10))
    Self.feed(&clock, track: 1, rate: 90_000) { _ in .milliseconds(10) }
    var late = MediaTime.zero
    // The local clock runs 200 ppm slower than the sender's.
    for step in 0..<36_000 {
      let arrival = MediaTime.seconds(11) + .milliseconds(Int64(step) * 100)
      let timestamp = UInt32(truncatingIfNeeded: 5000 + 48_000 + Int64(Double(step) * 4800 * 1.0002))
      late = arrival - clock.note(track: 0, timestamp: timestamp, arrival: arrival)
    }
    #expect(late < .milliseconds(5))
  }

  @Test("Over a real session the capture time of every frame is exact within a packet's send time")
  func session() {
    var wire = Wire(senderClockOffset: .seconds(-100_000))
    var source = FrameSource(start: wire.now)
    let start = wire.now
    var opus = OpusPacketizer(timeOrigin: start)
    for index in 0..<100 {
      let captured = MediaTime.milliseconds(40) * Int64(index)
      // Sound is sent 5 ms after it was made, the picture 60 ms after.
      let sound = EncodedPacket(
        track: .audio(.opus), data: [1], time: captured, duration: .milliseconds(20), isKeyFrame: true)
      wire.run(.milliseconds(5))
      wire.send(opus.packetize(sound), media: 0)
      wire.run(.milliseconds(35))
      var frame = source.next(size: 3000, isKeyFrame: index == 0, now: start + captured)
      frame.captureTime = start + captured
      wire.send(frame, media: 1)
    }
    wire.run(.milliseconds(100))
    let error = wire.videoFrames.dropFirst(30).enumerated().map { index, frame in
      frame.captureTime - (start + .milliseconds(Int64(index + 30) * 40))
    }
    // All that cannot be known is the path's own delay: 20 ms, and the sound's 5 ms before it.
    #expect(error.allSatisfy { $0 > .milliseconds(23) && $0 < .milliseconds(28) })
  }
}
