import Testing

@testable import Transport

@Suite("SRTP")
struct SRTPContextTests {
  /// Master key and salt of RFC 3711 §B.3.
  static let vectorKey = hex("e1f97a0d 3e018be0 d64fa32c 06de4139 0ec675ad 498afeeb b6960b3a abe6")

  static func keys(_ profile: SRTPProfile) -> SRTPKeys? {
    let bytes = (0..<SRTPKeys.exportedLength(profile)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    return SRTPKeys(profile: profile, exported: bytes)
  }

  static func packet(sequence: UInt16, payload: Int = 40) -> [UInt8] {
    [0x80, 96, UInt8(sequence >> 8), UInt8(sequence & 255), 0, 0, 0, 1, 0xca, 0xfe, 0xba, 0xbe]
      + [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: payload)
  }

  static func protect(_ packet: [UInt8], with context: borrowing SRTPContext, isRTCP: Bool = false) -> [UInt8] {
    var memory = packet + [UInt8](repeating: 0, count: SRTPContext.trailer)
    let length = unsafe memory.withUnsafeMutableBytes {
      unsafe isRTCP
        ? context.protectRTCP($0, length: packet.count) : context.protectRTP($0, length: packet.count)
    }
    return Array(memory.prefix(length))
  }

  static func unprotect(
    _ packet: [UInt8], with context: inout SRTPContext, isRTCP: Bool = false
  ) throws(SRTPContext.Refusal) -> [UInt8] {
    var memory = packet
    var result: Result<Int, SRTPContext.Refusal> = .failure(.malformed)
    unsafe memory.withUnsafeMutableBytes { buffer in
      do throws(SRTPContext.Refusal) {
        result = .success(unsafe isRTCP ? try context.unprotectRTCP(buffer) : try context.unprotectRTP(buffer))
      } catch {
        result = .failure(error)
      }
    }
    return Array(memory.prefix(try result.get()))
  }

  @Test("session keys and cipher give the packet that the vectors of RFC 3711 imply")
  func vector() throws {
    // §B.3 derives the session keys from this master key; AES-CM (§4.1.1) and HMAC-SHA1 (§4.2.1) with them give the rest.
    let keys = try #require(
      SRTPKeys(
        profile: .aes128CounterSHA1,
        exported: Self.vectorKey.prefix(16) + [UInt8](repeating: 1, count: 16) + Self.vectorKey.suffix(14)
          + [UInt8](repeating: 2, count: 14)))
    let client = try SRTPContext(keys: keys, isClient: true)
    let plain = hex("800f1234 decafbad cafebabe") + [UInt8](repeating: 0xab, count: 16)
    let expected = hex(
      "800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb")
    #expect(Self.protect(plain, with: client) == expected)
    var server = try SRTPContext(keys: keys, isClient: false)
    #expect(try Self.unprotect(expected, with: &server) == plain)
  }

  @Test("RTP and RTCP pass both ways under every profile", arguments: SRTPProfile.allCases)
  func bothWays(profile: SRTPProfile) throws {
    let keys = try #require(Self.keys(profile))
    var client = try SRTPContext(keys: keys, isClient: true)
    var server = try SRTPContext(keys: keys, isClient: false)
    let rtp = Self.packet(sequence: 1)
    #expect(try Self.unprotect(Self.protect(rtp, with: client), with: &server) == rtp)
    #expect(try Self.unprotect(Self.protect(rtp, with: server), with: &client) == rtp)
    let rtcp = hex("80c90001 00000007")
    #expect(try Self.unprotect(Self.protect(rtcp, with: client, isRTCP: true), with: &server, isRTCP: true) == rtcp)
    // A key protects one direction only.
    #expect(throws: SRTPContext.Refusal.notAuthentic) {
      _ = try Self.unprotect(Self.protect(Self.packet(sequence: 2), with: client), with: &client)
    }
  }

  @Test("a packet is taken once, and not at all behind the window", arguments: SRTPProfile.allCases)
  func replay(profile: SRTPProfile) throws {
    let keys = try #require(Self.keys(profile))
    let client = try SRTPContext(keys: keys, isClient: true)
    var server = try SRTPContext(keys: keys, isClient: false)
    let packets = (0..<1200 as Range<UInt16>).map { Self.protect(Self.packet(sequence: $0), with: client) }
    _ = try Self.unprotect(packets[0], with: &server)
    _ = try Self.unprotect(packets[1199], with: &server)
    for packet in [packets[1199], packets[0], packets[100]] {
      #expect(throws: SRTPContext.Refusal.replayed) { _ = try Self.unprotect(packet, with: &server) }
    }
    #expect(try Self.unprotect(packets[300], with: &server) == Self.packet(sequence: 300))
  }

  @Test("every changed or cut packet is refused", arguments: SRTPProfile.allCases)
  func damage(profile: SRTPProfile) throws {
    let keys = try #require(Self.keys(profile))
    let client = try SRTPContext(keys: keys, isClient: true)
    var server = try SRTPContext(keys: keys, isClient: false)
    let packet = Self.protect(Self.packet(sequence: 5, payload: 20), with: client)
    let report = Self.protect(hex("80c90001 00000007"), with: client, isRTCP: true)
    for count in 0..<packet.count {
      #expect(throws: SRTPContext.Refusal.self) { _ = try Self.unprotect(Array(packet.prefix(count)), with: &server) }
    }
    for count in 0..<report.count {
      #expect(throws: SRTPContext.Refusal.self) {
        _ = try Self.unprotect(Array(report.prefix(count)), with: &server, isRTCP: true)
      }
    }
    for index in packet.indices {
      var changed = packet
      changed[index] ^= 1
      #expect(throws: SRTPContext.Refusal.self) { _ = try Self.unprotect(changed, with: &server) }
    }
    #expect(try Self.unprotect(packet, with: &server) == Self.packet(sequence: 5, payload: 20))
  }

  @Test("a sequence number is never protected twice")
  func noRepetition() throws {
    let client = try SRTPContext(keys: try #require(Self.keys(.aes128GCM)), isClient: true)
    #expect(!Self.protect(Self.packet(sequence: 9), with: client).isEmpty)
    #expect(Self.protect(Self.packet(sequence: 9), with: client).isEmpty)
  }

  @Test("a peer may use only so many sources")
  func sources() throws {
    let keys = try #require(Self.keys(.aes128GCM))
    let client = try SRTPContext(keys: keys, isClient: true)
    var server = try SRTPContext(keys: keys, isClient: false)
    var refused = 0
    for source in 0..<300 {
      var packet = Self.packet(sequence: 1)
      packet[10] = UInt8(source >> 8)
      packet[11] = UInt8(source & 0xff)
      do throws(SRTPContext.Refusal) {
        _ = try Self.unprotect(Self.protect(packet, with: client), with: &server)
      } catch {
        #expect(error == .tooManySources)
        refused += 1
      }
    }
    #expect(refused == 44)
  }
}
