import MediaControl
import MixCore
import Testing
import Transport

@testable import MediaWorker

@Suite("A client that sends from another address")
struct MovedClientTests {
  private let loop: NetLoop

  init() throws {
    loop = try NetLoop(.init(bind: SocketAddress(ipv4: (127, 0, 0, 1), port: 0), announced: []), emit: { _ in })
  }

  /// A session that has heard `source`.
  private func addSession(_ name: String, source: UInt32) throws -> NetSession {
    let configuration = RTCSession.Configuration(
      role: .server, certificate: loop.identity, hostCandidates: loop.candidates)
    let session = NetSession(
      id: SessionID(rawValue: name), room: RoomID(rawValue: "room"), kind: .viewer,
      rtc: try RTCSession(configuration, now: .zero))
    loop.register(session)
    session.sources = [source]
    loop.bySource[source, default: []].append(session)
    return session
  }

  /// A sound packet of `source` from an address nobody knows.
  private func receive(source: UInt32) {
    var packet: [UInt8] = [0x80, 111, 0, 1, 0, 0, 0, 0]
    for shift in [24, 16, 8, 0] { packet.append(UInt8(truncatingIfNeeded: source >> UInt32(shift))) }
    packet += [UInt8](repeating: 0, count: 40)
    let stranger = SocketAddress(ipv4: (192, 0, 2, 1), port: 4_000)
    unsafe packet.withUnsafeMutableBytes { bytes in
      unsafe loop.receive(bytes, from: stranger, now: .seconds(1))
    }
  }

  @Test("is found by what it sends, however many packets of made-up sources strangers send in the same second")
  func flood() throws {
    _ = try addSession("moved", source: 7)
    for number in 0..<1_000 { receive(source: 1_000 + UInt32(number)) }
    #expect(loop.counters.datagramsUnknown == 1_000)
    receive(source: 7)
    #expect(loop.counters.datagramsUnknown == 1_000)
    // It got there, and is not what the session takes.
    #expect(loop.counters.datagramsDropped == 1)
  }

  @Test("is not found by a source that two have, nor by one whose session has ended")
  func noGuess() throws {
    let sessions = try [addSession("one", source: 7), addSession("other", source: 7)]
    receive(source: 7)
    #expect(loop.counters.datagramsUnknown == 1)
    for session in sessions { #expect(loop.unregister(session)) }
    receive(source: 7)
    #expect(loop.counters.datagramsUnknown == 2)
    #expect(loop.bySource.isEmpty)
  }
}
