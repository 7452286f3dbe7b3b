import MixCore
import NetworkSimulation
import Testing
import Transport

/// Everything a scenario has shown; the figures are asked for spans of it, counted from the start of the session.
struct ScenarioReport {
  let scenario: Scenario
  let mediaStart: MediaTime
  let clock: PeerClock
  let pictures: PictureMeter
  let sound: SoundMeter
  let wire: WireTrace
  /// What the network did to everything that went up it.
  let uplink: BadNetwork.Counters
  let keyFrameRequests: [MediaTime]
  let changes: [(time: MediaTime, change: RTCEvent)]
  /// Pictures taken, and those of them that the client's own session refused.
  let framesSent: Int
  let framesRefused: Int
  let audioSource: UInt32
  let client: SessionStatistics
  let server: SessionStatistics

  var video: MediaStatistics { server.media[ScenarioRun.video] }
  var audio: MediaStatistics { server.media[ScenarioRun.audio] }

  /// From when the playout had time to settle to before the end.
  var settled: ClosedRange<Double> { (mediaStart.seconds + 2)...(scenario.duration.seconds - 0.5) }

  /// The true time at which the client's media were `time` old.
  func mediaTime(_ time: MediaTime) -> MediaTime { clock.time(of: clock.reading(at: mediaStart) + time) }

  // MARK: Sound

  /// The longest digital silence, in milliseconds.
  func longestSilence(_ span: ClosedRange<Double>) -> Double {
    sound.silences.filter { $0.start.seconds < span.upperBound && ($0.start + $0.length).seconds > span.lowerBound }
      .map(\.length.milliseconds).max() ?? 0
  }

  private func samples(_ span: ClosedRange<Double>) -> [SoundMeter.Sample] {
    sound.samples.filter { span.contains($0.time.seconds) }
  }

  /// Share of the played sound that was made up, in per cent.
  func concealed(_ span: ClosedRange<Double>) -> Double {
    let samples = samples(span)
    guard let first = samples.first, let last = samples.last, last.time > first.time else { return 0 }
    let made = last.statistics.concealedSamples - first.statistics.concealedSamples
    return 100 * Double(made) / ((last.time - first.time).seconds * 48_000)
  }

  /// Share of the packets that came after their time, in per cent.
  func late(_ span: ClosedRange<Double>) -> Double {
    let samples = samples(span)
    guard let first = samples.first, let last = samples.last else { return 0 }
    let late = last.statistics.late - first.statistics.late
    let inserted = last.statistics.inserted - first.statistics.inserted
    return 100 * Double(late) / Double(max(1, late + inserted))
  }

  /// From the microphone to the programme, in milliseconds, as the beeps tell.
  func soundDelays(_ span: ClosedRange<Double>) -> [Double] {
    beeps.filter { span.contains($0.heard.seconds) }.map { ($0.heard - $0.captured).milliseconds }
  }

  /// The same as the playout buffer itself tells.
  func playoutDelays(_ span: ClosedRange<Double>) -> [Double] { samples(span).map(\.delay.milliseconds) }

  /// The beeps that were heard, with the instants at which they were made.
  var beeps: [(number: Int, captured: MediaTime, heard: MediaTime)] { numbered(sound.beeps) }

  private func numbered(_ beeps: [SoundMeter.Beep]) -> [(number: Int, captured: MediaTime, heard: MediaTime)] {
    beeps.compactMap { beep in
      let count = VoiceSignal.pitches.count
      let age = clock.reading(at: beep.heard) - clock.reading(at: mediaStart)
      let newest = Int(age.seconds / VoiceSignal.beepSpacing.seconds)
      let number = newest - (newest - beep.pitch + count) % count
      guard number >= 0 else { return nil }
      return (number, mediaTime(VoiceSignal.captureTime(ofBeep: number)), beep.heard)
    }
  }

  // MARK: Pictures

  private func shown(_ span: ClosedRange<Double>) -> [PictureMeter.Tick] {
    pictures.ticks.filter { $0.isNew && span.contains($0.time.seconds) }
  }

  func framesPerSecond(_ span: ClosedRange<Double>) -> Double {
    Double(shown(span).count) / (span.upperBound - span.lowerBound)
  }

  /// Pictures shown of those taken, in per cent.
  func shownShare(_ span: ClosedRange<Double>) -> Double {
    100 * framesPerSecond(span) / Double(scenario.camera?.frameRate ?? 1)
  }

  /// Pictures decoded of those taken since the media began, in per cent; one that is decoded twice counts once.
  var decodedShare: Double {
    100 * Double(pictures.decodedNumbers.count { (0..<framesSent).contains($0) }) / Double(max(1, framesSent))
  }

  /// The longest time without a new picture, in seconds.
  func longestFreeze(_ span: ClosedRange<Double>) -> Double {
    let times = [span.lowerBound] + shown(span).map(\.time.seconds) + [span.upperBound]
    return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
  }

  /// From the camera to the programme, in milliseconds.
  func pictureDelays(_ span: ClosedRange<Double>) -> [Double] {
    shown(span).compactMap { tick in
      tick.number.map { (tick.time - captureTime(ofFrame: $0)).milliseconds }
    }
  }

  private func captureTime(ofFrame number: Int) -> MediaTime {
    mediaTime(MediaTime(count: Int64(number), rate: Int64(scenario.camera?.frameRate ?? 1)))
  }

  /// A beep whose flash was shown, and by how many milliseconds it was later. One whose beginning was lost begins later
  /// than its place in the sound is, and tells nothing.
  private struct Pair {
    var number: Int
    var skew: Double
  }

  private func pairs(_ span: ClosedRange<Double>) -> [Pair] {
    var flashes: [Int: MediaTime] = [:]
    for tick in shown(span) { if let number = tick.number { flashes[number] = tick.stamp } }
    let framesPerBeep = 8 * (scenario.camera?.frameRate ?? 15) / 15
    return numbered(sound.beeps.filter(\.isWhole)).compactMap { beep in
      flashes[beep.number * framesPerBeep].map {
        Pair(number: beep.number, skew: (beep.heard - Program.soundLag - $0).milliseconds)
      }
    }
  }

  /// How much later than its flash each beep is in the programme, in milliseconds; of those of which both came.
  func skews(_ span: ClosedRange<Double>) -> [Double] { pairs(span).map(\.skew) }

  /// Beeps that a span has room for.
  private func expectedBeeps(_ span: ClosedRange<Double>) -> Double {
    ((span.upperBound - span.lowerBound) / VoiceSignal.beepSpacing.seconds).rounded(.down)
  }

  /// Share of the beeps within a span whose flash was shown and that were heard, 0…1. Any that is heard twice counts once.
  func pairedShare(_ span: ClosedRange<Double>) -> Double {
    Double(Set(pairs(span).map(\.number)).count) / expectedBeeps(span)
  }

  /// Share of the beeps within a span that were heard, 0…1.
  func heardShare(_ span: ClosedRange<Double>) -> Double {
    let heard = beeps.filter { span.contains($0.heard.seconds) }.map { $0.number }
    return Double(Set(heard).count) / expectedBeeps(span)
  }

  /// Sound and picture are together, and enough of the beeps have shown it: one that was not heard, or whose flash nobody
  /// saw, tells nothing.
  func expectSkews(
    _ span: ClosedRange<Double>, p99 limit: Double = 40, share: Double = 0.8,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (paired, skew) = (pairedShare(span), skews(span).p99)
    #expect(paired >= share, "beeps with their flashes", sourceLocation: sourceLocation)
    #expect(skew <= limit, "skew p99 in milliseconds", sourceLocation: sourceLocation)
  }

  /// The most key frame requests within one second.
  var keyFrameRequestsPerSecond: Int {
    keyFrameRequests.map { start in keyFrameRequests.count { $0 >= start && $0 < start + .seconds(1) } }.max() ?? 0
  }
}

extension [Double] {
  /// Nearest rank; of none it is no number, so that nothing which is expected of it holds.
  func percentile(_ percent: Double) -> Double {
    let sorted = self.sorted()
    return sorted.isEmpty ? .nan : sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]
  }

  /// The value that 99 in a hundred do not exceed, whatever their sign.
  var p99: Double { map(abs).percentile(99) }
}

extension ScenarioReport {
  /// The usual figures in one line.
  func summary(_ span: ClosedRange<Double>) -> String {
    var parts: [String] = []
    if scenario.voice != nil {
      parts.append("silence \(longestSilence(span).text()) ms")
      parts.append("concealed \(concealed(span).text(2)) %")
      parts.append("sound after \(soundDelays(span).percentile(50).text()) ms")
    }
    if scenario.camera != nil {
      parts.append("shown \(shownShare(span).text(1)) %, decoded \(decodedShare.text(1)) %")
      parts.append("freeze \((longestFreeze(span) * 1_000).text()) ms")
      parts.append("picture after \(pictureDelays(span).percentile(50).text()) ms")
      if framesRefused > 0 { parts.append("\(framesRefused) refused by the sender") }
      parts.append("\(keyFrameRequests.count) key frames asked for")
      if scenario.voice != nil { parts.append("skew p99 \(skews(span).p99.text()) ms") }
    }
    return parts.joined(separator: ", ")
  }
}

/// When something happened, in seconds since the start of the session.
extension ScenarioReport {
  /// When the silence that lasts at `time` or begins soon after it ends.
  func silentUntil(after time: Double) -> Double {
    sound.silences.last { $0.start.seconds < time + 1 && ($0.start + $0.length).seconds > time }
      .map { ($0.start + $0.length).seconds } ?? time
  }

  func firstPicture(after time: Double) -> Double {
    pictures.ticks.first { $0.isNew && $0.time.seconds > time }?.time.seconds ?? .infinity
  }

  func first(_ state: LayerPicture.State, after time: Double) -> Double? {
    pictures.ticks.first { $0.state == state && $0.time.seconds > time }?.time.seconds
  }

  var disconnectedAt: Double? {
    changes.first { if case .disconnected = $0.change { true } else { false } }?.time.seconds
  }

  var closedAt: Double? {
    changes.first { if case .closed = $0.change { true } else { false } }?.time.seconds
  }

  var isClosed: Bool { closedAt != nil }

  /// How long after `time` the client's rate meets `condition` in a whole second and in the two after it on average.
  func secondsUntilRate(after time: Double, _ condition: (Double) -> Bool) -> Double {
    for step in 0..<300 {
      let from = time + Double(step) / 10
      let second = wire.bitrate(from: MediaTime(seconds: from), to: MediaTime(seconds: from + 1))
      let more = wire.bitrate(from: MediaTime(seconds: from), to: MediaTime(seconds: from + 3))
      if condition(second), condition(more) { return from - time }
    }
    return .infinity
  }
}
