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
    #expect(table.route(of: Self.header(10, type: 111), now: .zero)?.media == 0)
    #expect(table.route(of: Self.header(20, type: 96), now: .zero)?.media == 1)
    #expect(table.route(of: Self.header(500, type: 96, mid: "1"), now: .zero)?.media == 1)
    #expect(table.route(of: Self.header(500, type: 96), now: .zero) == .init(media: 1, layer: 0))
    #expect(table.route(of: Self.header(501, type: 97), now: .zero)?.media == 1)
  }

  @Test("Unknown MIDs, payload types of nobody or of another section are dropped")
  func refused() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    #expect(table.route(of: Self.header(500, type: 96, mid: "7"), now: .zero) == nil)
    #expect(table.route(of: Self.header(500, type: 50), now: .zero) == nil)
    #expect(table.route(of: Self.header(500, type: 96, mid: "0"), now: .zero) == nil)
    #expect(table.route(of: Self.header(10, type: 96), now: .zero) == nil)
  }

  @Test("Where MIDs are told, another source of a section needs its own (row B3)")
  func changedSource() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    #expect(table.route(of: Self.header(600, type: 96), now: .zero) == nil)
    #expect(table.route(of: Self.header(600, type: 96, mid: "1"), now: .zero)?.media == 1)
    #expect(table.route(of: Self.header(600, type: 96), now: .zero)?.media == 1)
    var media = Wire.media(.receive, codec: .vp8, rtx: true)
    for index in media.indices { media[index].extensions[.mid] = 0 }
    table = SourceTable(media: media)
    #expect(table.route(of: Self.header(600, type: 96), now: .zero)?.media == 1)
  }

  @Test("A peer has so many sources and no more")
  func bounded() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    let taken = (1000..<2000).filter { table.route(of: Self.header(UInt32($0), type: 96, mid: "1"), now: .zero) != nil }
    #expect(taken.count < SourceTable.maximumSources)
    #expect(table.route(of: Self.header(20, type: 96), now: .zero)?.media == 1)
  }

  @Test("A source that has long been silent gives its place to another, one that was announced does not")
  func forgotten() {
    var table = SourceTable(media: Wire.media(.receive, codec: .vp8, rtx: true))
    func isTaken(_ ssrc: UInt32, at seconds: Int64) -> Bool {
      table.route(of: Self.header(ssrc, type: 96, mid: "1"), now: .seconds(seconds)) != nil
    }
    let first = (1000..<1100).count { isTaken($0, at: 1) }
    #expect(isTaken(1000, at: 9))
    #expect(!isTaken(2000, at: 10))
    let second = (3000..<3100).count { isTaken($0, at: 12) }
    #expect(second == first - 1)
    #expect(isTaken(1000, at: 12) && isTaken(20, at: 12))
    #expect(table.route(of: Self.header(10, type: 111), now: .seconds(99))?.media == 0)
  }

  @Test("Where two sections share a payload type only MID and SSRC decide")
  func ambiguous() {
    var media = Wire.media(.receive, codec: .vp8, rtx: true)
    var second = media[1]
    second.mid = "2"
    second.remoteSSRC = nil
    media.append(second)
    var table = SourceTable(media: media)
    #expect(table.route(of: Self.header(700, type: 96), now: .zero) == nil)
    #expect(table.route(of: Self.header(700, type: 96, mid: "2"), now: .zero)?.media == 2)
  }
}
