import Foundation
import NIOCore
import Signaling
import Testing

@testable import SignalingServer

/// Valid texts with random damage: whatever comes out is a value or a coded refusal.
@Suite struct RandomInputTests {
  private static let seeds = [
    #"{"type":"apply","ref":7,"media":"video","id":"a_x","text":"hi","token":"t"}"#,
    "rtmp://user:pass@[2001:db8::1]:1935/live/key?sign=x#y", "srt://host:9000?streamid=#!::r=live/x,m=publish",
    "/api/v1/rooms/r_x/events?token=a.b.c&x=%20", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln",
  ]

  @Test("Damaged commands, URLs, targets, tokens and names never stop the server", arguments: seeds)
  func damaged(seed: String) async {
    var random = SeededGenerator(state: 7)
    let tokens = await TokenAuthority(secret: String(repeating: "s", count: 32))
    for _ in 0..<1500 {
      var bytes = Array(seed.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) { damage(&bytes, &random) }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = try? JSON.decode(CommandMessage.self, from: ByteBuffer(bytes: bytes))
      _ = EventTarget(uri: text)
      _ = RefreshToken(text: text)
      _ = PasswordHash(text: text)
      _ = AddressGroup.of(text)
      _ = try? DisplayText.name(text)
      #expect(await tokens.identity(of: text) == nil)
      if let url = try? OutputURL(text) {
        #expect(!OutputURL.redacted(url.text).contains { "?#".contains($0) })
        _ = OutputURL.scrub(text, of: url.text)
      }
    }
  }

  private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let index = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: index)
    case 2: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 9)], at: index)
    default: bytes.removeLast(bytes.count - index)
    }
  }
}

struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
