import MediaControl
import MixCore
import NetworkSimulation
import SyntheticClient
import Testing
import Transport

@testable import MediaWorker

/// What is wrong with one participant: the others' media are to run on as if he were not there.
@Suite(.serialized, .timeLimit(.minutes(3))) struct BadParticipantTests {
  enum Fault: CaseIterable {
    /// Much is lost, and what arrives comes at any time and in any order.
    case lossAndJitter
    /// Again and again nothing more comes, from within a picture on, for a third of a second or longer.
    case breaksOffInPictures
    /// What comes cannot be decoded.
    case damagedPictures

    var conditions: NetworkConditions {
      var conditions = NetworkConditions()
      switch self {
      case .lossAndJitter:
        conditions.loss = 0.4
        conditions.jitter = .milliseconds(200)
      case .breaksOffInPictures: conditions.burst = NetworkConditions.Burst(begin: 0.02, end: 0.01)
      case .damagedPictures: break
      }
      return conditions
    }
  }

  /// What a viewer of the programme saw and heard of the host in a few seconds.
  private struct Window: CustomStringConvertible {
    var seconds = 0.0
    /// Different ones of the host's.
    var pictures = 0
    var longestStill = MediaTime.zero
    /// How often his tone began anew.
    var toneBreaks = 0
    var soundSeconds = 0.0
    var longestSilence = MediaTime.zero
    var ticksMissed = 0
    /// Pictures that the host himself left out.
    var framesSkipped = 0
    /// Packets that the host himself sent late.
    var soundsLate = 0
    var hasStalled = false

    /// Neither the host himself nor the machine was held up.
    var isUndisturbed: Bool { framesSkipped == 0 && soundsLate == 0 && !hasStalled }

    var pictureRate: Double { Double(pictures) / seconds }

    var description: String {
      "\(pictureRate) pictures a second, none for \(longestStill.milliseconds) ms, \(toneBreaks) breaks of the tone, "
        + "\(soundSeconds) s of sound in \(seconds) s, none for \(longestSilence.milliseconds) ms, "
        + "\(ticksMissed) ticks missed, \(framesSkipped) pictures not sent, \(soundsLate) packets of sound sent late"
    }
  }

  private static let hostFrameRate = 15
  private static let guestFrameRate = 20
  /// How long a stall of the machine is still seen and heard.
  private static let aftermath = MediaTime.milliseconds(300)
  /// A whole number of periods in each 10 ms, so that a tick that is missed does not sound like a break.
  private static let hostTone = 1_000.0

  /// Half the programme's rate, so that each of his pictures is there for two of the programme's.
  private func host(_ live: LiveRoom) async throws -> SyntheticPublisher {
    let configuration = SyntheticPublisher.Configuration(
      label: "host", width: 640, height: 360, frameRate: Self.hostFrameRate, bitrate: 600_000,
      toneHertz: Self.hostTone, hue: 0)
    return try await live.publish(configuration, as: .host)
  }

  /// His pictures are so large that each takes several packets.
  private func guest(_ live: LiveRoom, _ fault: Fault, through relay: UplinkRelay) async throws -> SyntheticPublisher {
    var configuration = SyntheticPublisher.Configuration(
      label: "guest", width: 640, height: 360, frameRate: Self.guestFrameRate, bitrate: 1_500_000, toneHertz: 1_800,
      hue: 1, hasTexture: true)
    if fault == .damagedPictures { configuration.recordings = [try #require(DamagedVideo.recorded())] }
    return try await live.publish(configuration, as: .cohost, through: relay)
  }

  private func viewer(_ live: LiveRoom) async throws -> SyntheticViewer {
    var configuration = SyntheticViewer.Configuration(codecs: [.vp8], decodesVideo: true, decodesAudio: true)
    configuration.watches = [FlashWatch(left: 0.1, top: 0.3, width: 0.2, height: 0.2, hertz: Self.hostTone)]
    return try await live.watch(configuration)
  }

  private func look(
    _ live: LiveRoom, _ host: SyntheticPublisher, _ viewer: SyntheticViewer, _ watch: StallWatch
  ) async throws -> Window {
    let (missed, sent) = (try await live.stats().ticksMissed, host.statistics)
    let (start, before) = (MonotonicClock.now(), viewer.statistics)
    try await Task.sleep(for: .milliseconds(2_500))
    let (end, after) = (MonotonicClock.now(), viewer.statistics)
    var (newPictures, shown) = ([MediaTime](), Int?.none)
    for frame in after.markedFrames.ordered where frame.arrival >= start && frame.number != shown {
      newPictures.append(frame.arrival)
      shown = frame.number
    }
    let sounds = after.audio.arrivals.ordered.filter { $0 >= start }
    var window = Window()
    window.seconds = (end - start).seconds
    window.pictures = newPictures.count
    window.longestStill = longestPause(newPictures, from: start, to: end)
    window.toneBreaks = after.sightings[0].beeps.count - before.sightings[0].beeps.count
    window.soundSeconds = Double(after.samplesDecoded - before.samplesDecoded) / Double(AudioFormat.sampleRate)
    window.longestSilence = longestPause(sounds, from: start, to: end)
    window.ticksMissed = try await live.stats().ticksMissed - missed
    window.framesSkipped = host.statistics.framesSkipped - sent.framesSkipped
    window.soundsLate = host.statistics.soundsLate - sent.soundsLate
    window.hasStalled = watch.hasStalled(since: start - Self.aftermath)
    return window
  }

  private func longestPause(_ moments: [MediaTime], from start: MediaTime, to end: MediaTime) -> MediaTime {
    let all = [start] + moments + [end]
    return zip(all, all.dropFirst()).map { $1 - $0 }.max() ?? .zero
  }

  /// The host's pictures and his tone run. A machine that stands still or holds up the host himself says nothing about
  /// the server, so the first window counts in which it did not.
  private func expectSteady(
    _ live: LiveRoom, _ host: SyntheticPublisher, _ viewer: SyntheticViewer, _ when: String
  ) async throws {
    let watch = StallWatch()
    defer { watch.stop() }
    for _ in 0..<12 {
      let window = try await look(live, host, viewer, watch)
      guard window.isUndisturbed else { continue }
      #expect(window.pictureRate >= 0.9 * Double(Self.hostFrameRate), "\(when): \(window)")
      #expect(window.longestStill <= .milliseconds(200), "\(when): \(window)")
      #expect(window.toneBreaks == 0, "\(when): \(window)")
      #expect(window.soundSeconds >= 0.95 * window.seconds, "\(when): \(window)")
      #expect(window.longestSilence <= .milliseconds(200), "\(when): \(window)")
      #expect(window.ticksMissed <= 3, "\(when): \(window)")
      #expect(viewer.statistics.toneAmplitude(hertz: Self.hostTone) > 0.08, "\(when)")
      return
    }
    Issue.record("\(when): the machine or the host himself was held up in each window")
  }

  private func statistics(_ live: LiveRoom, of user: String) async throws -> RoomStats.Participant {
    let participants = try await live.stats().participants
    return try #require(participants.first { $0.userId == user })
  }

  @Test("Whatever comes from one participant, the other one's pictures and sound run on", arguments: Fault.allCases)
  func othersRunOn(fault: Fault) async throws {
    let live = try await LiveRoom(
      settings: ProgramSettings(width: 640, height: 360, frameRate: 30, videoBitrate: 1_200_000))
    let relay = try UplinkRelay(to: live.worker.localAddress, .perfect)
    let host = try await host(live)
    let viewer = try await viewer(live)
    let isRunning = try await live.eventually { viewer.statistics.markedFrames.count > 30 }
    #expect(isRunning)
    try await expectSteady(live, host, viewer, "alone")

    let guest = try await guest(live, fault, through: relay)
    let isThere = try await live.eventually {
      try await live.stats().participants.contains { $0.userId == "guest" && $0.packetsReceived > 100 }
    }
    #expect(isThere)
    let before = try await statistics(live, of: "guest")
    let begin = MonotonicClock.now()
    relay.set(fault.conditions)
    try await expectSteady(live, host, viewer, "\(fault)")

    // He really was as bad as that, and never away for good.
    let goesOn = try await live.eventually {
      try await statistics(live, of: "guest").packetsReceived > before.packetsReceived + 100
    }
    #expect(goesOn)
    let after = try await statistics(live, of: "guest")
    let decoded = after.framesDecoded - before.framesDecoded
    let isBad = Double(decoded) < 0.9 * Double(Self.guestFrameRate) * (MonotonicClock.now() - begin).seconds
    #expect(isBad || after.concealedSamples > before.concealedSamples + 4_800)
    relay.set(.perfect)
    try await expectSteady(live, host, viewer, "after \(fault)")
    for publisher in [host, guest] { await publisher.stop() }
    await viewer.stop()
    relay.stop()
    await live.worker.shutdown()
  }
}
