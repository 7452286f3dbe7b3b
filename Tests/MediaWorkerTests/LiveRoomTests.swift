import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(2))) struct LiveRoomTests {
  @Test("Two people publish, the scene holds both, and the one who leaves is gone from it")
  func publishAndLeave() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let guest = try await live.guest()
    #expect(
      try await live.eventually {
        let participants = try await live.stats().participants
        return participants.count == 2 && participants.allSatisfy { $0.framesDecoded > 0 && $0.connected }
      })
    let both = try await live.scene()
    #expect(both.layers.map(\.userId) == ["host", "guest"])
    #expect(both.layers.first == .init(userId: "host", x: 0, y: 0, width: 640, height: 360, zIndex: 0))
    await guest.stop()
    #expect(try await live.eventually { try await live.scene().layers.map(\.userId) == ["host"] })
    await host.stop()
    await live.worker.shutdown()
  }

  @Test("A viewer gets a steady mixed picture and the tones of both", arguments: [[VideoCodec.h264], [.vp8]])
  func viewer(codecs: [VideoCodec]) async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let guest = try await live.guest()
    let viewer = try await live.viewer(codecs: codecs)
    #expect(
      try await live.eventually {
        let report = viewer.statistics
        return report.framesDecoded > 40 && report.toneAmplitude(hertz: 440) > 0.02
          && report.toneAmplitude(hertz: 660) > 0.02
      })
    let report = viewer.statistics
    #expect(report.videoCodec == codecs.first)
    #expect(report.decodeFailures == 0)
    #expect(report.video.timestampReversals == 0 && report.audio.timestampReversals == 0)
    #expect(report.picture?.size == PixelSize(width: 640, height: 360))
    #expect(try await live.eventually { viewer.statistics.toneAmplitude(hertz: 550) < 0.005 })
    #expect(try await live.stats().latency["mix"] != nil)
    for participant in [host, guest] { await participant.stop() }
    await viewer.stop()
    await live.worker.shutdown()
  }

  @Test("People on stage receive each other forwarded: the other's tone and picture size, not the mix")
  func stage() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let guest = try await live.guest()
    #expect(try await live.eventually { try await live.stats().participants.count == 2 })
    let receiver = try await live.stageReceiver("guest", of: "host")
    #expect(
      try await live.eventually {
        let report = receiver.statistics
        return report.framesDecoded > 20 && report.toneAmplitude(hertz: 440) > 0.05
      })
    let report = receiver.statistics
    #expect(report.picture?.size == PixelSize(width: 320, height: 180))
    #expect(report.toneAmplitude(hertz: 660) < 0.005)
    #expect(report.decodeFailures == 0 && report.video.timestampReversals == 0)
    await #expect(throws: MediaError.self) { _ = try await live.stageReceiver("guest", of: "nobody") }
    for participant in [host, guest] { await participant.stop() }
    await receiver.stop()
    await live.worker.shutdown()
  }

  @Test("Who is muted, or whose camera is turned off, is so for the stage as well, and is back when that is over")
  func stageControls() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let receiver = try await live.stageReceiver("guest", of: "host")
    let comes = { (past: ViewerReport) in
      let report = receiver.statistics
      return report.framesDecoded > past.framesDecoded + 20 && report.audio.count > past.audio.count + 50
        && report.toneAmplitude(hertz: 440) > 0.05
    }
    let start = receiver.statistics
    #expect(try await live.eventually { comes(start) })
    try await live.set(ParticipantControls(muted: true, camera: false), of: "host")
    #expect(
      try await live.eventually {
        let before = receiver.statistics
        try await Task.sleep(for: .milliseconds(500))
        let after = receiver.statistics
        return after.video.count == before.video.count && after.audio.count == before.audio.count
      })
    let before = receiver.statistics
    try await live.set(ParticipantControls(muted: false, camera: true), of: "host")
    #expect(try await live.eventually { comes(before) })
    #expect(receiver.statistics.decodeFailures == 0 && receiver.statistics.video.timestampReversals == 0)
    await host.stop()
    await receiver.stop()
    await live.worker.shutdown()
  }

  @Test("A second publication of the same person takes the place of the first")
  func replacement() async throws {
    let live = try await LiveRoom()
    let first = try await live.publisher("host", role: .host, tone: 440, hue: 0, session: "first")
    #expect(try await live.eventually { try await live.stats().participants.first?.framesDecoded ?? 0 > 0 })
    let second = try await live.publisher("host", role: .host, tone: 550, hue: 2, session: "second")
    _ = await first.ended()
    #expect(
      try await live.eventually {
        let participants = try await live.stats().participants
        return participants.count == 1 && participants[0].connected && participants[0].framesDecoded > 0
      })
    #expect(try await live.scene().layers.map(\.userId) == ["host"])
    await second.stop()
    await live.worker.shutdown()
  }

  @Test("An output that cannot be reached says so and disturbs nobody")
  func unreachableOutput() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let viewer = try await live.viewer()
    let output = OutputID(rawValue: "nowhere")
    _ = try await live.worker.perform(
      .addOutput(live.room, output, url: "rtmp://127.0.0.1:1/live/key", allowsPrivate: true))
    #expect(try await live.eventually { try await live.stats().outputs.first?.state == .retrying })
    let isUndisturbed = try await StallWatch.succeeds(within: 5) {
      let (missed, shown) = (try await live.stats().ticksMissed, viewer.statistics.video.count)
      #expect(try await live.eventually { viewer.statistics.video.count > shown + 40 })
      return try await live.stats().ticksMissed == missed
    }
    #expect(isUndisturbed)
    _ = try await live.worker.perform(.removeOutput(live.room, output))
    #expect(try await live.stats().outputs.isEmpty)
    await host.stop()
    await viewer.stop()
    await live.worker.shutdown()
  }

  @Test("Commands for rooms, sessions, layouts and outputs that do not exist are refused with their codes")
  func refusals() async throws {
    let live = try await LiveRoom()
    let nowhere = RoomID(rawValue: "nowhere")
    let refused: [(MediaCommand, String)] = [
      (.closeRoom(nowhere), "media.room-unknown"),
      (.openViewer(SessionID(rawValue: "v"), nowhere, offer: ""), "media.room-unknown"),
      (.openViewer(SessionID(rawValue: "v"), live.room, offer: "not SDP"), "sdp.malformed"),
      (.closeSession(SessionID(rawValue: "x")), "media.session-unknown"),
      (.patchSession(SessionID(rawValue: "x"), fragment: ""), "media.session-unknown"),
      (.setLayout(live.room, LayoutRequest(layout: "spiral")), "layout.unknown"),
      (
        .setParticipant(live.room, UserID(rawValue: "x"), ParticipantControls(muted: true)), "media.participant-unknown"
      ),
      (
        .addOutput(live.room, OutputID(rawValue: "o"), url: "gopher://x/y", allowsPrivate: true),
        "output.scheme-unsupported"
      ),
      (.removeOutput(live.room, OutputID(rawValue: "o")), "output.unknown"),
      (.finishRecording(live.room, OutputID(rawValue: "o")), "output.unknown"),
      (.startRecording(nowhere, OutputID(rawValue: "o"), path: "/tmp/never.mp4"), "media.room-unknown"),
      (.createRoom(nowhere, ProgramSettings(width: 641)), "room.video-invalid"),
    ]
    for (command, code) in refused {
      await #expect(throws: MediaError.self) { _ = try await live.worker.perform(command) }
      do { _ = try await live.worker.perform(command) } catch { #expect(error.code == code) }
    }
    await live.worker.shutdown()
  }

  @Test("Many who join at once get their pictures without a storm of key frames for those who watch")
  func keyFrameStorm() async throws {
    let live = try await LiveRoom()
    let host = try await live.host()
    let viewer = try await live.viewer(codecs: [.vp8])
    #expect(try await live.eventually { viewer.statistics.framesDecoded > 20 })
    let (before, start) = (viewer.statistics.keyFrames, ContinuousClock.now)
    var others: [SyntheticViewer] = []
    for number in 0..<12 {
      let other = SyntheticViewer(.init(codecs: [.vp8], decodesVideo: true))
      try await other.start { offer in
        try await live.answer(.openViewer(SessionID(rawValue: "other-\(number)"), live.room, offer: offer))
      }
      others.append(other)
    }
    #expect(try await live.eventually { others.allSatisfy { $0.statistics.framesDecoded > 0 } })
    let halfSeconds = Int((ContinuousClock.now - start) / .milliseconds(500))
    #expect(viewer.statistics.keyFrames - before <= halfSeconds + 2)
    for client in others + [viewer] { await client.stop() }
    await host.stop()
    await live.worker.shutdown()
  }

  @Test("Who receives a participant on stage goes on receiving when that one publishes anew")
  func stageReplacement() async throws {
    let live = try await LiveRoom()
    let first = try await live.publisher("host", role: .host, tone: 440, hue: 0, session: "first")
    let receiver = try await live.stageReceiver("guest", of: "host")
    #expect(try await live.eventually { receiver.statistics.framesDecoded > 5 })
    let second = try await live.publisher("host", role: .host, tone: 550, hue: 2, session: "second")
    _ = await first.ended()
    let before = receiver.statistics.framesDecoded
    #expect(
      try await live.eventually {
        let report = receiver.statistics
        return report.framesDecoded > before + 20 && report.toneAmplitude(hertz: 550) > 0.05
      })
    await second.stop()
    await receiver.stop()
    await live.worker.shutdown()
  }

  @Test("Whatever is asked while a room closes and a worker stops is answered", .timeLimit(.minutes(1)))
  func closing() async throws {
    let worker = try MediaWorker(.onLoopback)
    for number in 0..<40 {
      let room = RoomID(rawValue: "room-\(number)")
      _ = try await worker.perform(.createRoom(room, ProgramSettings(width: 64, height: 64)))
      await withTaskGroup(of: Void.self) { group in
        for command in [MediaCommand.roomStats(room), .metrics, .closeRoom(room), .roomStats(room), .metrics] {
          group.addTask { _ = try? await worker.perform(command) }
        }
      }
    }
    await worker.shutdown()
    _ = try await worker.perform(.metrics)
    await #expect(throws: MediaError.self) { _ = try await worker.perform(.closeSession(SessionID(rawValue: "x"))) }
  }
}
