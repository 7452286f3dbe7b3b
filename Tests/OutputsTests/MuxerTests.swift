import Glibc
import MixCore
import Outputs
import Testing

@Suite("Muxer")
struct MuxerTests {
  @Test("writes the same bytes for the same packets", arguments: ["mp4", "flv", "mkv", "ts"])
  func deterministic(container: String) throws {
    let media = try EncodedSecond()
    var files: [[UInt8]] = []
    for round in 0..<2 {
      let path = TestMedia.temporaryPath("same-\(round).\(container)")
      defer { unsafe unlink(path) }
      let muxer = try Muxer(
        OutputDestination(path), format: media.format, interrupt: InterruptFlag(), interleave: true)
      for packet in media.packets { try muxer.write(packet) }
      try muxer.finish()
      files.append(try read(path))
      #expect(muxer.bytesWritten > 1000)
    }
    #expect(files[0] == files[1])
  }

  @Test("sent live, begins with a picture although the sound lags behind", arguments: ["flv", "ts", "mkv"])
  func startsInTheMiddle(container: String) throws {
    let media = try EncodedSecond()
    let path = TestMedia.temporaryPath("middle.\(container)")
    defer { unsafe unlink(path) }
    let first = try #require(media.packets.firstIndex { $0.isVideo && $0.ledgerID > 30 })
    let muxer = try Muxer(
      OutputDestination(path), format: media.format, interrupt: InterruptFlag(), interleave: false)
    for packet in media.packets[first...] { try muxer.write(packet) }
    try muxer.finish()
    #expect(media.packets[first...].contains { !$0.isVideo && $0.time < media.packets[first].time })
    #expect(muxer.origin == media.packets[first].time)
  }

  @Test("refuses codecs that the container is not for")
  func wrongCodecs() throws {
    let media = try EncodedSecond()
    #expect(throws: OutputError.formatUnsupported) {
      _ = try Muxer(
        OutputDestination("/tmp/never.webm"), format: media.format, interrupt: InterruptFlag(), interleave: true)
    }
  }

  @Test("says that a directory is missing, and that it is not ours to repair")
  func missingDirectory() throws {
    let media = try EncodedSecond()
    do throws(OutputError) {
      _ = try Muxer(
        OutputDestination("/nowhere/at/all.mp4"), format: media.format, interrupt: InterruptFlag(), interleave: true)
      Issue.record("opened")
    } catch {
      #expect(error.code == "output.file-not-writable" && error.isDestinationFault)
    }
  }

  @Test("says that the disk is full")
  func fullDisk() throws {
    let media = try EncodedSecond()
    let path = TestMedia.temporaryPath("full.mkv")
    unsafe #expect(symlink("/dev/full", path) == 0)
    defer { unsafe unlink(path) }
    #expect(throws: OutputError.diskFull) {
      let muxer = try Muxer(
        OutputDestination(path), format: media.format, interrupt: InterruptFlag(), interleave: true)
      for _ in 0..<20 { for packet in media.packets { try muxer.write(packet) } }
      try muxer.finish()
    }
  }

  @Test("ends a connection attempt at its deadline and when it is interrupted")
  func interrupts() throws {
    let media = try EncodedSecond()
    let silent = try SilentServer()
    let destination = try OutputDestination("rtmp://127.0.0.1:\(silent.port)/app/key")
    let passed = InterruptFlag(now: { .seconds(1) })
    passed.arm(deadline: .zero)
    #expect(throws: OutputError.timedOut) {
      _ = try Muxer(destination, format: media.format, interrupt: passed, interleave: false)
    }
    let raised = InterruptFlag()
    raised.raise()
    #expect(throws: OutputError.stopped) {
      _ = try Muxer(destination, format: media.format, interrupt: raised, interleave: false)
    }
  }

  private func read(_ path: String) throws -> [UInt8] {
    let file = try unsafe #require(fopen(path, "rb"))
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return [UInt8](bytes.prefix(count))
  }
}

/// Accepts connections (by its backlog) and never says a word.
final class SilentServer {
  let port: UInt16
  let descriptor: Int32

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    descriptor = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        let bound = unsafe bind(listener, generic, length) | listen(listener, 8)
        return unsafe bound | getsockname(listener, generic, &length)
      }
    }
    try #require(status == 0)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
