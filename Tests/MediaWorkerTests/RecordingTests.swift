import Foundation
import MediaControl
import MediaWorker
import MixCore
import OfflineRender
import SyntheticClient
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct RecordingTests {
  /// What a player gets out of a file until its end, or to where it cannot go on.
  private struct Playing {
    let duration: MediaTime?
    var pictures = 0
    var loudTicks = 0

    var loudSeconds: Double { Double(loudTicks) / 100 }

    init(_ path: String) throws {
      let reader = try MediaFileReader(path: path)
      duration = reader.duration
      #expect(reader.video?.codecName == "h264" && reader.video?.size == PixelSize(width: 640, height: 360))
      #expect(reader.audio?.codecName == "aac")
      do { try play(reader) } catch { return }
    }

    private mutating func play(_ reader: MediaFileReader) throws {
      var (time, block, shown) = (MediaTime.zero, AudioBlock(), VideoFrame?.none)
      while time < .seconds(30), try !reader.hasEnded(at: time) {
        let picture = try reader.picture(at: time)
        if let picture, picture !== shown { pictures += 1 }
        shown = picture
        if try reader.sound(at: time, into: &block), block.values.contains(where: { abs($0) > 0.01 }) { loudTicks += 1 }
        time += AudioFormat.tick
      }
    }
  }

  private static func temporaryPath() -> String {
    NSTemporaryDirectory() + "mixd-recording-\(UInt64.random(in: 0...UInt64.max)).mp4"
  }

  @Test("A programme is recorded as long as it is wanted; of a file that is cut short all whole pieces can be played")
  func programme() async throws {
    let (path, cut) = (Self.temporaryPath(), Self.temporaryPath())
    defer { for file in [path, cut] { try? FileManager.default.removeItem(atPath: file) } }
    let live = try await LiveRoom()
    let host = try await live.host()
    let recording = OutputID(rawValue: "recording")
    let before = try await live.stats().ticksMissed
    let start = ContinuousClock.now
    _ = try await live.worker.perform(.startRecording(live.room, recording, path: path))
    try await Task.sleep(for: .seconds(6))
    #expect(try await live.stats().outputs.isEmpty)
    let lasted: Double = (ContinuousClock.now - start) / .seconds(1)
    // A machine that stands still leaves pictures out of a file, no sound.
    let left = try await live.stats().ticksMissed - before
    _ = try await live.worker.perform(.finishRecording(live.room, recording))
    // The reply says that the file is complete.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let whole = try Playing(path)
    let duration = try #require(whole.duration).milliseconds / 1000
    let pictureSeconds = Double(whole.pictures + left) / 20
    #expect(abs(whole.loudSeconds - pictureSeconds) < 0.3)
    // On a busy machine the first key frame comes late.
    for seconds in [duration, pictureSeconds, whole.loudSeconds] { #expect(abs(seconds - lasted) < 1.5) }
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: cut))
    let part = try Playing(cut)
    // The first piece is two seconds long.
    #expect(part.pictures + left >= 38 && part.pictures < whole.pictures)
    #expect(part.loudSeconds > 1.5)
    await host.stop()
    await live.worker.shutdown()
  }

  @Test("A file that cannot be written is told at once, and the programme goes on")
  func unwritable() async throws {
    let live = try await LiveRoom()
    let recording = OutputID(rawValue: "recording")
    let events = live.worker.events
    _ = try await live.worker.perform(.startRecording(live.room, recording, path: "/nowhere/at/all.mp4"))
    for await event in events {
      guard case .outputState(_, recording, .failed, let reason) = event else { continue }
      #expect(reason?.hasPrefix("output.file-not-writable") == true)
      break
    }
    let failure = await #expect(throws: MediaError.self) {
      _ = try await live.worker.perform(.finishRecording(live.room, recording))
    }
    #expect(failure?.code == "output.file-not-writable")
    await live.worker.shutdown()
  }
}
