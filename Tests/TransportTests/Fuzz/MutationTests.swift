import MixCore
import Testing

@testable import Transport

/// Valid packets with a few bytes changed, cut or repeated: what no test thought of must still never trap.
@Suite("Mutated input")
struct MutationTests {
  static func mutate(_ input: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1...8, using: &random), bytes.count))
      case 3: bytes.insert(contentsOf: bytes[place..<min(place + 12, bytes.count)], at: place)
      default: bytes[place] = [0, 0x7f, 0x80, 0xff][Int.random(in: 0..<4, using: &random)]
      }
    }
    return bytes
  }

  static func hammer(_ seeds: [[UInt8]], rounds: Int, _ body: ([UInt8]) -> Void) {
    var random = SeededRandom(seed: 12)
    for seed in seeds {
      body(seed)
      for _ in 0..<(rounds / seeds.count) { body(mutate(seed, &random)) }
    }
  }

  @Test("RTP")
  func rtp() {
    Self.hammer([RTPHeaderTests.write(RTPHeaderTests.full, payload: [1, 2, 3])], rounds: 20_000, fuzzRTP)
  }

  @Test("RTCP")
  func rtcp() {
    var receiver = TransportReceiver()
    for index in 0..<60 where index % 7 != 0 {
      receiver.note(UInt16(index), ssrc: 1, bytes: 1000, arrival: .milliseconds(Int64(index * index)))
    }
    let feedback = writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
    Self.hammer([RTCPTests.everything, feedback], rounds: 600, fuzzRTCP)
  }

  @Test("SDP")
  func sdp() { Self.hammer(OfferFixtures.all.map { Array($0.utf8) }, rounds: 300, fuzzSDP) }

  @Test("Trickle fragments")
  func fragment() {
    let text =
      "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1 1 udp 2 192.0.2.1 9 typ host\r\n"
    Self.hammer([Array(text.utf8)], rounds: 2000, fuzzSDPFragment)
  }

  @Test("VP8 and H.264 payloads in a stream")
  func payloads() {
    var random = SeededRandom(seed: 5)
    let vp8: [[UInt8]] = [
      [0x90, 0x80, 0x80, 1, 0x10, 5, 5], [0x80, 0x80, 0x80, 1, 6], [0x90, 0x80, 0x80, 2, 0x11, 5],
    ]
    let h264: [[UInt8]] = [[0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1], [0x7c, 0x85, 0x80], [0x7c, 0x45, 3], [0x41, 9, 9]]
    func stream(_ payloads: [[UInt8]]) -> [UInt8] {
      (0..<40).flatMap { index -> [UInt8] in
        let payload = payloads[index % payloads.count]
        return [UInt8(payload.count), UInt8.random(in: 0...3, using: &random), 3] + payload
      }
    }
    Self.hammer([[0] + stream(vp8)], rounds: 60, fuzzPayload)
    Self.hammer([[1] + stream(h264)], rounds: 60, fuzzPayload)
    let red: [[UInt8]] = [
      [0x80 | 96, 0x1e, 0, 2, 0x80 | 96, 0x0f, 0, 1, 96, 1, 2, 3, 4, 5], [96, 9], [0x80 | 96, 0x0f, 0, 1, 96, 7, 8],
    ]
    Self.hammer([[2] + stream(red)], rounds: 60, fuzzPayload)
    Self.hammer(red, rounds: 3000, fuzzPayload)
  }
}
