import MixCore
import Testing

@testable import Transport

@Suite("What players are told to wait for")
struct PlayoutHintTests {
  static func hint(losses: [Int64]) -> PlayoutHint {
    var hint = PlayoutHint()
    for time in losses { hint.noteMissing(sent: .milliseconds(time)) }
    return hint
  }

  @Test("Nothing, as long as losses are rare or come all at once")
  func rare() {
    #expect(PlayoutHint().value(roundTrip: nil, now: .seconds(1)) == nil)
    #expect(Self.hint(losses: [0, 2_000, 4_000, 6_000]).value(roundTrip: nil, now: .seconds(6)) == nil)
    #expect(Self.hint(losses: [0, 10, 20, 30, 40, 50]).value(roundTrip: nil, now: .seconds(1)) == nil)
  }

  @Test("What a repair takes, as long as some are needed and a little longer; then nothing, said for five seconds")
  func wait() {
    let hint = Self.hint(losses: [0, 500, 1_000])
    #expect(hint.value(roundTrip: .milliseconds(60), now: .seconds(1)) == UInt32(15 << 12 | 1_000))
    #expect(hint.value(roundTrip: .milliseconds(60), now: .milliseconds(3_499)) == UInt32(15 << 12 | 1_000))
    #expect(hint.value(roundTrip: .milliseconds(60), now: .milliseconds(3_500)) == 1_000)
    #expect(hint.value(roundTrip: .milliseconds(60), now: .milliseconds(8_500)) == nil)
  }

  @Test("Nothing, where what is sent again takes more than 400 ms")
  func bound() {
    let hint = Self.hint(losses: [0, 500, 1_000])
    #expect(hint.value(roundTrip: .milliseconds(310), now: .seconds(1)) == UInt32(40 << 12 | 1_000))
    #expect(hint.value(roundTrip: .milliseconds(311), now: .seconds(1)) == 1_000)
  }

  @Test("It stands in the first packet of each picture, once three were missing")
  func packets() throws {
    var plane = SendingTests.makePlane()
    var source = FrameSource(start: .zero)
    var hints: [[UInt32?]] = []
    for picture in 0..<5 as Range<Int64> {
      let now = MediaTime.milliseconds(100) * picture
      let packets = SendingTests.send(source.next(size: 3000, isKeyFrame: picture == 0, now: now), on: &plane, now: now)
      let headers = try packets.map { try #require(SendingTests.header($0)) }
      hints.append(headers.map(\.extensions.playoutDelay))
      let nack = writeRTCP { _ = $0.nack([headers[1].sequence], sender: 1, media: 20) }
      #expect(SendingTests.receive(nack, by: &plane, now: now + .milliseconds(50)))
    }
    #expect(hints[2].count > 1 && hints[2].allSatisfy { $0 == nil })
    // The round trip is not known yet: 100 ms.
    #expect(hints[3].first == UInt32(19 << 12 | 1_000))
    #expect(hints[3].dropFirst().allSatisfy { $0 == nil })
  }

  @Test("Who offers to send it, or not to use it, gets none", arguments: ["/sendonly", "/inactive"])
  func direction(word: String) throws {
    let offer = OfferFixtures.firefox(direction: "recvonly").replacing("6/recvonly", with: "6" + word)
    let (watching, _) = try NegotiationTests.answer(offer, NegotiationTests.watch)
    #expect(watching.media[1].extensions[.playoutDelay] == 0)
  }

  @Test("Who offers only to receive it is answered that it is sent, and no publisher may send it")
  func negotiation() throws {
    let name = HeaderExtension.playoutDelay.rawValue
    let (watching, answer) = try NegotiationTests.answer(
      OfferFixtures.firefox(direction: "recvonly"), NegotiationTests.watch)
    #expect(watching.media[1].extensions[.playoutDelay] == 6)
    #expect(answer.media[1].attributes.all("extmap").contains("6/sendonly \(name)"))
    let (publishing, _) = try NegotiationTests.answer(
      OfferFixtures.firefox(direction: "sendonly"), NegotiationTests.publish)
    #expect(publishing.media[1].extensions[.playoutDelay] == 0)
  }
}
