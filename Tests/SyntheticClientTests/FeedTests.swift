import MixCore
import Testing

@testable import SyntheticClient

@Suite("Feeds and measurements")
struct FeedTests {
  private func configuration(replaySeconds: Int?) -> SyntheticPublisher.Configuration {
    SyntheticPublisher.Configuration(
      label: "A", width: 320, height: 180, frameRate: 10, bitrate: 200_000, toneHertz: 500, hue: 1,
      replaySeconds: replaySeconds)
  }

  @Test("A replayed loop starts over after its last picture, and with a key frame whenever one is asked for")
  func loopRestarts() throws {
    var feed = try VideoFeed(configuration(replaySeconds: 1))
    var keyFrames: [Int] = []
    for number in 0..<25 {
      let time = MediaTime.milliseconds(Int64(number) * 100)
      let packet = try #require(try feed.next(number: number, time: time, forceKeyFrame: number == 14))
      #expect(packet.time == time)
      if packet.isKeyFrame { keyFrames.append(number) }
    }
    #expect(keyFrames == [0, 10, 14, 24])
  }

  @Test("A live feed makes a key frame only when one is asked for")
  func liveKeyFrames() throws {
    var feed = try VideoFeed(configuration(replaySeconds: nil))
    let keyFrames = try (0..<20).filter { number in
      try feed.next(
        number: number, time: .milliseconds(Int64(number) * 100), forceKeyFrame: number == 7)?.isKeyFrame == true
    }
    #expect(keyFrames == [0, 7])
  }

  @Test("The tone is in the sound, live and replayed, and no other", arguments: [false, true])
  func toneIsAudible(isReplayed: Bool) throws {
    var feed = try AudioFeed(hertz: 500, isReplayed: isReplayed)
    var decoder = try OpusDecoder()
    var samples: [Float] = []
    var left: [Float] = []
    for number in 0..<100 {
      let packet = try #require(try feed.next(at: .milliseconds(Int64(number) * 20)))
      let count = try decoder.decode(packet.data, into: &samples)
      if number >= 50 { left += (0..<count).map { samples[2 * $0] } }
    }
    #expect(abs(ToneDetector.amplitude(of: 500, in: left) - 0.25) < 0.05)
    #expect(ToneDetector.amplitude(of: 700, in: left) < 0.005)
  }

  @Test("Only the newest values are kept, in their order")
  func recentValues() {
    var values = RecentValues<Int>(capacity: 3)
    #expect(values.last == nil)
    for number in 1...5 { values.append(number) }
    #expect(values.ordered == [3, 4, 5])
    #expect(values.last == 5)
  }

  @Test("Gaps, steps and reversals of RTP time are counted over a wrap")
  func trackMeter() {
    var meter = TrackMeter(rate: 90_000)
    var track = ViewerReport.Track()
    let timestamps: [UInt32] = [.max - 2_999, 0, 3_000, 2_999, 92_999]
    for (index, timestamp) in timestamps.enumerated() {
      meter.record(bytes: 100, timestamp: timestamp, arrival: .milliseconds(Int64(index * index) * 10), in: &track)
    }
    #expect(track.count == 5)
    #expect(track.bytes == 500)
    #expect(track.longestGap == .milliseconds(70))
    #expect(track.longestTimestampStep == .seconds(1))
    #expect(track.timestampReversals == 1)
  }
}
