import MixCore
import Testing

@testable import Transport

@Suite("Requests for a key frame")
struct KeyFrameRequesterTests {
  /// When the next `count` requests are sent, in seconds.
  private static func times(_ requester: inout KeyFrameRequester, count: Int) -> [Double] {
    (0..<count).map { _ in
      let due = requester.nextDeadline
      let isDue = requester.takeDue(now: due)
      #expect(isDue)
      return due.milliseconds / 1_000
    }
  }

  @Test("come almost at once, then every second, and become rare where none is answered")
  func backOff() {
    var requester = KeyFrameRequester()
    requester.want(now: .zero, grace: .zero)
    let times = Self.times(&requester, count: 8)
    #expect(times == [0, 1, 2, 3, 5, 7, 9, 11])
  }

  @Test("begin anew with the next wish once a key frame came, never less than a second behind the last one")
  func answered() {
    var requester = KeyFrameRequester()
    requester.want(now: .zero, grace: .zero)
    let first = Self.times(&requester, count: 6)
    #expect(first.last == 7)
    requester.satisfy()
    requester.want(now: .milliseconds(7_500), grace: .zero)
    let times = Self.times(&requester, count: 5)
    #expect(times == [8, 9, 10, 11, 13])
  }

  @Test("come as quickly as at first when the sender is there again after a silence")
  func back() {
    var requester = KeyFrameRequester()
    requester.want(now: .zero, grace: .zero)
    let first = Self.times(&requester, count: 6)
    #expect(first.last == 7)
    requester.noteReturn()
    let times = Self.times(&requester, count: 3)
    #expect(times == [8, 9, 10])
  }

  @Test(
    "go out soon behind a silence into which the last one was lost, unless that may still be answered",
    arguments: [(50, 3.12), (300, 3.3), (2_000, 4)] as [(Int64, Double)])
  func lostInSilence(roundTrip: Int64, due: Double) {
    var requester = KeyFrameRequester()
    requester.want(now: .zero, grace: .zero)
    let inVain = Self.times(&requester, count: 4)
    #expect(inVain == [0, 1, 2, 3])
    requester.noteReturnFromSilence(now: .milliseconds(3_100), roundTrip: .milliseconds(roundTrip))
    let times = Self.times(&requester, count: 3)
    #expect(times == [due, due + 1, due + 2])
  }

  private static func writeFeedback(of feed: inout H264ReceptionTests.Feed) {
    let now = feed.now
    _ = writeRTCP { feed.stream.writeFeedback(into: &$0, sender: 1, now: now) }
  }

  /// How often a key frame is asked for while so many pictures come that need one.
  private static func requests(of feed: inout H264ReceptionTests.Feed, pictures: Int) -> UInt64 {
    let before = feed.stream.counters.keyFramesRequested
    for _ in 0..<pictures {
      feed.send(isKeyFrame: false)
      writeFeedback(of: &feed)
    }
    return feed.stream.counters.keyFramesRequested - before
  }

  @Test("are due at once when a stream comes back from a silence, whatever was asked in vain before")
  func streamComesBack() {
    var feed = H264ReceptionTests.Feed()
    // Ten seconds; the next one would be due a second later.
    let inVain = Self.requests(of: &feed, pictures: 300)
    #expect(inVain == 7)
    feed.wait(.seconds(2))
    let behindSilence = Self.requests(of: &feed, pictures: 3)
    #expect(behindSilence == 1)
  }

  /// A stream that asks, lost its sender 1.7 s ago, and asked once more 0.2 s ago.
  private static func silentFeed() -> H264ReceptionTests.Feed {
    var feed = H264ReceptionTests.Feed()
    let inVain = requests(of: &feed, pictures: 10)
    #expect(inVain == 1)
    feed.wait(.milliseconds(1_500))
    writeFeedback(of: &feed)
    #expect(feed.stream.counters.keyFramesRequested == 2)
    feed.wait(.milliseconds(200))
    return feed
  }

  @Test("are due soon also when one was sent in the middle of the silence")
  func askedInSilence() {
    var feed = Self.silentFeed()
    let behindSilence = Self.requests(of: &feed, pictures: 3)
    #expect(behindSilence == 1)
  }

  @Test("are not made when a key frame is what comes first behind the silence")
  func keyFrameComesBack() {
    var feed = Self.silentFeed()
    feed.send(isKeyFrame: true)
    let behindSilence = Self.requests(of: &feed, pictures: 60)
    #expect(behindSilence == 0)
  }

  @Test("are made less than twice a second of a sender who is silent for a second again and again")
  func flapping() {
    var feed = H264ReceptionTests.Feed()
    for _ in 0..<200 {
      _ = Self.requests(of: &feed, pictures: 1)
      for _ in 0..<11 {
        feed.wait(.milliseconds(100))
        Self.writeFeedback(of: &feed)
      }
    }
    let seconds = feed.now.milliseconds / 1_000
    #expect(Double(feed.stream.counters.keyFramesRequested) < 2 * seconds)
  }
}
