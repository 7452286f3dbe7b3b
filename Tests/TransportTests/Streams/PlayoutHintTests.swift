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

  @Test("What a repair takes, as long as some are needed and ten seconds longer; then nothing, said for five")
  func wait() {
    let hint = Self.hint(losses: [0, 500, 1_000])
    #expect(hint.value(roundTrip: .milliseconds(60), now: .seconds(1)) == UInt32(15 << 12 | 1_000))
    #expect(hint.value(roundTrip: .milliseconds(60), now: .milliseconds(10_999)) == UInt32(15 << 12 | 1_000))
    #expect(hint.value(roundTrip: .milliseconds(60), now: .seconds(11)) == 1_000)
    #expect(hint.value(roundTrip: .milliseconds(60), now: .seconds(16)) == nil)
  }

  @Test("No more than 400 ms, however long the way")
  func bound() {
    let hint = Self.hint(losses: [0, 500, 1_000])
    #expect(hint.value(roundTrip: .seconds(3), now: .seconds(1)) == UInt32(40 << 12 | 1_000))
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
