import Glibc
import MixCore
import OfflineRender
import Outputs
import Testing

@Suite("Media file reader")
struct MediaFileReaderTests {
  func written(_ name: String, _ change: (inout FlashAndTone) -> Void = { _ in }) throws -> FlashAndTone {
    var media = FlashAndTone(path: FlashAndTone.temporaryPath(name))
    change(&media)
    try media.write()
    return media
  }

  @Test("gives back every picture and the sound, aligned", arguments: Container.allCases)
  func roundTrip(container: Container) throws {
    try check(try written("flash.\(container.rawValue)"), container)
  }

  @Test("a recording of several pieces is aligned as well")
  func recording() throws {
    try check(try written("flash-recording.mp4") { ($0.isRecording, $0.frames) = (true, 150) }, .mp4)
  }

  private func check(_ media: FlashAndTone, _ container: Container) throws {
    defer { unsafe unlink(media.path) }
    let reader = try MediaFileReader(path: media.path)
    #expect(reader.video?.size == media.size)
    #expect(reader.video?.codecName == container.videoCodec.rawValue)
    #expect(reader.audio?.codecName == container.audioCodec.rawValue)

    var flash: Int?
    var distinct = 0
    var previous: VideoFrame?
    for index in 0..<media.frames {
      let frame = try reader.picture(at: MediaTime(count: Int64(index), rate: 30))
      if let frame, frame !== previous { distinct += 1 }
      previous = frame
      if flash == nil, let frame, unsafe frame.y.base[0] > 128 { flash = index }
    }
    #expect(distinct == media.frames)
    #expect(flash == media.flashFrame)
    let onset = try #require(try toneOnset(of: reader))
    // Both codecs smear a sudden tone by a few milliseconds.
    #expect(abs((onset - media.flashTime).milliseconds) < 8)
  }

  @Test("sound keeps its level, and a file ends with its last picture")
  func level() throws {
    let media = try written("level.mkv")
    defer { unsafe unlink(media.path) }
    let reader = try MediaFileReader(path: media.path)
    var block = AudioBlock()
    var peak: Float = 0
    var time = MediaTime.zero
    while try !reader.hasEnded(at: time) {
      _ = try reader.picture(at: time)
      _ = try reader.sound(at: time, into: &block)
      peak = max(peak, block.values.map(abs).max() ?? 0)
      time += AudioFormat.tick
    }
    #expect(abs(peak - 0.5) < 0.05)
    #expect(time >= media.length && time < media.length + AudioFormat.tick)
    #expect(try !reader.sound(at: time + .milliseconds(50), into: &block))
  }

  @Test("shows the newest picture when asked less often than there are pictures")
  func skipsPictures() throws {
    let media = try written("skip.webm")
    defer { unsafe unlink(media.path) }
    let reader = try MediaFileReader(path: media.path)
    let dark = try #require(try reader.picture(at: media.flashTime - .milliseconds(5)))
    let bright = try #require(try reader.picture(at: media.flashTime + .milliseconds(300)))
    #expect(unsafe dark.y.base[0] < 40)
    #expect(unsafe bright.y.base[0] > 200)
  }

  @Test("names the file and the reason when it is missing or no media")
  func unreadable() throws {
    let path = FlashAndTone.temporaryPath("garbage.mp4")
    defer { unsafe unlink(path) }
    try save([UInt8](repeating: 0x5A, count: 5000), to: path)
    for (file, code) in [("/nowhere/x.webm", "input.not-found"), (path, "input.format-unknown")] {
      do throws(ReadError) {
        _ = try MediaFileReader(path: file)
        Issue.record("opened \(file)")
      } catch {
        #expect(error.code == code)
        #expect(error.message.contains(file))
      }
    }
  }

  @Test("reports damage and truncation with the time", arguments: ["webm", "mp4", "mkv"])
  func damaged(container: String) throws {
    let media = try written("damaged.\(container)")
    defer { unsafe unlink(media.path) }
    var bytes = try load(media.path)
    if container == "mp4" {
      for index in 3000..<bytes.count / 2 { bytes[index] = 0xFF }
    } else {
      bytes.removeLast(bytes.count / 2)
    }
    try save(bytes, to: media.path)
    do throws(ReadError) {
      let reader = try MediaFileReader(path: media.path)
      var time = MediaTime.zero
      var block = AudioBlock()
      while try !reader.hasEnded(at: time), time < .seconds(10) {
        _ = try reader.picture(at: time)
        _ = try reader.sound(at: time, into: &block)
        time += AudioFormat.tick
      }
      Issue.record("read to the end")
    } catch {
      #expect(["input.corrupt", "input.truncated"].contains(error.code))
      #expect(error.message.contains(media.path))
    }
  }

  /// The first sample above a quarter of the tone's height.
  private func toneOnset(of reader: MediaFileReader) throws -> MediaTime? {
    var block = AudioBlock()
    for tick in 0..<200 {
      _ = try reader.sound(at: AudioFormat.tick * Int64(tick), into: &block)
      if let index = block.values.firstIndex(where: { abs($0) > 0.125 }) {
        return AudioFormat.tick * Int64(tick) + MediaTime(count: Int64(index / 2), rate: 48_000)
      }
    }
    return nil
  }

  private func load(_ path: String) throws -> [UInt8] {
    let file = try unsafe #require(fopen(path, "rb"))
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return [UInt8](bytes.prefix(count))
  }

  private func save(_ bytes: [UInt8], to path: String) throws {
    let file = try unsafe #require(fopen(path, "wb"))
    defer { unsafe fclose(file) }
    unsafe #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
