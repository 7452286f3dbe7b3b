import MixCore
import Testing

@testable import Transport

@Suite("Which section a packet belongs to")
struct SourceTableTests {
  static func header(_ ssrc: UInt32, type: UInt8, mid: String? = nil) -> RTPHeader {
    var header = RTPHeader(marker: false, payloadType: type, sequence: 0, timestamp: 0, ssrc: ssrc)
    header.extensions.mid = mid.flatMap { ExtensionToken($0) }
    return header
  }

  @Test("Announced sources, MIDs and unambiguous payload types find their section")
  func routes() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    #expect(table.media(of: Self.header(10, type: 111)) == 0)
    #expect(table.media(of: Self.header(20, type: 96)) == 1)
    #expect(table.media(of: Self.header(500, type: 96, mid: "1")) == 1)
    #expect(table.media(of: Self.header(500, type: 96)) == 1)
    #expect(table.media(of: Self.header(501, type: 97)) == 1)
  }

  @Test("Unknown MIDs, payload types of nobody or of another section are dropped")
  func refused() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    #expect(table.media(of: Self.header(500, type: 96, mid: "7")) == nil)
    #expect(table.media(of: Self.header(500, type: 50)) == nil)
    #expect(table.media(of: Self.header(500, type: 96, mid: "0")) == nil)
    #expect(table.media(of: Self.header(10, type: 96)) == nil)
  }

  @Test("A peer has so many sources and no more")
  func bounded() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    let taken = (1000..<2000).filter { table.media(of: Self.header(UInt32($0), type: 96, mid: "1")) != nil }
    #expect(taken.count < SourceTable.maximumSources)
    #expect(table.media(of: Self.header(20, type: 96)) == 1)
  }

  @Test("Where two sections share a payload type only MID and SSRC decide")
  func ambiguous() {
    var media = Wire.media(.receive, codec: .vp8, rtx: true)
    var second = media[1]
    second.mid = "2"
    second.remoteSSRC = nil
    media.append(second)
    var table = SourceTable(media: media)
    #expect(table.media(of: Self.header(700, type: 96)) == nil)
    #expect(table.media(of: Self.header(700, type: 96, mid: "2")) == 2)
  }
}
