import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

@Suite(.timeLimit(.minutes(2))) struct UndecodableSoundTests {
  @Test("Whose packets hold no sound is not heard, however many come")
  func notHeard() async throws {
    let live = try await LiveRoom()
    let log = PresenceLog(live.worker.events)
    var configuration = SyntheticPublisher.Configuration(
      label: "host", width: 320, height: 180, frameRate: 20, bitrate: 300_000, toneHertz: 440, hue: 0)
    configuration.recordedSound = RecordedSound(ogg: Self.recording)
    let host = try SyntheticPublisher(configuration)
    try await host.start { offer in
      try await live.answer(
        .openPublisher(SessionID(rawValue: "hollow"), live.room, UserID(rawValue: "host"), .host, offer: offer))
    }
    let guest = try await live.guest()
    #expect(try await live.eventually { log.heard.contains("guest") })
    let before = host.statistics.audioPacketsSent
    #expect(try await live.eventually { host.statistics.audioPacketsSent > before + 50 })
    let participants = try await live.stats().participants
    #expect(participants.count == 2 && participants.allSatisfy { $0.framesDecoded > 0 })
    #expect(log.heard == ["guest"])
    for participant in [host, guest] { await participant.stop() }
    await live.worker.shutdown()
  }

  /// One page of Ogg. The packets look like 20 ms of sound, and claim more padding than they have bytes.
  private static var recording: [UInt8] {
    let hollow: [UInt8] = [0xFB, 0x41, 200, 1, 2, 3]
    var packets: [[UInt8]] = [Array("OpusHead".utf8), Array("OpusTags".utf8)]
    packets += Array(repeating: hollow, count: 50)
    var page: [UInt8] = Array("OggS".utf8) + Array(repeating: 0, count: 22)
    page.append(UInt8(packets.count))
    page += packets.map { UInt8($0.count) }
    page += packets.joined()
    return page
  }
}
