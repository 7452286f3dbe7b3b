import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("Connecting")
struct HandshakeTests {
  @Test(
    "client and server connect over a lossy, reordering, repeating network",
    arguments: [0, 0.1, 0.3], [1, 2, 3] as [UInt64])
  func connects(loss: Double, seed: UInt64) throws {
    var conditions = NetworkConditions(loss: loss, duplication: 0.1, reordering: 0.1)
    conditions.jitter = .milliseconds(10)
    var pair = try SessionPair.make(conditions, seed: seed)
    #expect(pair.run(for: .seconds(20)) { $0.isConnected })
    #expect(pair.clientEvents.connection == [.connected])
    #expect(pair.serverEvents.connection == [.connected])
  }

  @Test("on a clean path of 40 ms both are connected after 5 round trips")
  func quickly() throws {
    var pair = try SessionPair.make()
    #expect(pair.run(for: .milliseconds(240)) { $0.isConnected })
  }

  @Test("half a second each way is not too far")
  func farAway() throws {
    var pair = try SessionPair.make(.init(delay: .milliseconds(500)))
    #expect(pair.run(for: .seconds(15)) { $0.isConnected })
  }

  @Test("the loss of any one datagram of either side is made good", arguments: 0..<7, [true, false])
  func anyOneLoss(index: Int, isUplink: Bool) throws {
    var pair = try SessionPair.make()
    if isUplink { pair.uplink.lost = [index] } else { pair.downlink.lost = [index] }
    #expect(pair.run(for: .seconds(5)) { $0.isConnected })
  }

  @Test("the server may be the one that starts DTLS")
  func activeServer() throws {
    var pair = try SessionPair.make(
      editOffer: { $0.replacing("a=setup:actpass", with: "a=setup:passive") },
      editAnswer: { $0 })
    #expect(pair.run(for: .seconds(5)) { $0.isConnected })
  }

  @Test("a certificate that is not the announced one ends the session before any key is used")
  func wrongFingerprint() throws {
    let other = try DTLSIdentity().fingerprint
    let mine = try #require(SessionPair.identities).client.fingerprint
    var pair = try SessionPair.make(editOffer: { $0.replacing(mine, with: other) })
    pair.run(for: .seconds(2))
    #expect(pair.serverEvents.connection == [.closed(.fingerprintMismatch)])
    #expect(pair.server.transport.isOpen == false)
    let rtp = [0x80, 96] + [UInt8](repeating: 0, count: 60)
    #expect(pair.inject(rtp, from: pair.clientAddress).outcome == .dropped(.notOpen))
  }

  @Test("the client too refuses a certificate that is not the announced one")
  func wrongServerFingerprint() throws {
    let other = try DTLSIdentity().fingerprint
    let mine = try #require(SessionPair.identities).server.fingerprint
    var pair = try SessionPair.make(editAnswer: { $0.replacing(mine, with: other) })
    pair.run(for: .seconds(2))
    #expect(pair.clientEvents.connection == [.closed(.fingerprintMismatch)])
  }

  @Test(
    "checks with a wrong name or password are dropped without an answer, and the session ends for lack of consent",
    arguments: ["a=ice-ufrag:", "a=ice-pwd:"])
  func wrongCredentials(line: String) throws {
    var pair = try SessionPair.make(editAnswer: { $0.replacing(line, with: line + "A") })
    pair.run(for: .seconds(40))
    #expect(pair.server.statistics.drops[.stunCredentials] > 5)
    #expect(pair.server.statistics.datagramsSent == 0)
    #expect(pair.clientEvents.connection == [.closed(.consentExpired)])
    #expect(pair.serverEvents.connection == [.closed(.consentExpired)])
  }

  @Test("the driver finds the session of a stranger's check by its name")
  func firstLook() throws {
    var pair = try SessionPair.make()
    pair.run(for: .milliseconds(1))
    let bytes = try #require(pair.sentByClient.first)
    let ufrag = unsafe bytes.withUnsafeBytes { unsafe RTCSession.localUfrag(ofBindingRequest: $0) }
    let expected = pair.server.localUfrag
    #expect(ufrag == expected)
    let nothing = unsafe bytes.dropLast().withUnsafeBytes { unsafe RTCSession.localUfrag(ofBindingRequest: $0) }
    #expect(nothing == nil)
  }
}
