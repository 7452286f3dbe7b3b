import Glibc
import MediaWorker
import MixCore
import Outputs
import Synchronization
import Testing

@Suite("Output worker")
struct OutputWorkerTests {
  final class Recorder: Sendable {
    let phases = Mutex<[OutputPhase]>([])
    let ledgerIDs = Mutex<[UInt64]>([])
    let keyFrameRequests = Atomic<Int>(0)

    func worker(_ destination: OutputDestination, _ format: ProgramFormat) -> OutputWorker {
      OutputWorker(
        destination: destination, format: format, onPhase: { phase in self.phases.withLock { $0.append(phase) } },
        onFirstByte: { id in self.ledgerIDs.withLock { $0.append(id) } },
        needsKeyFrame: { self.keyFrameRequests.add(1, ordering: .relaxed) })
    }

    /// Waits at most `seconds` for a phase that fulfils `condition`.
    func wait(_ seconds: Int, for condition: (OutputPhase) -> Bool) -> Bool {
      for _ in 0..<seconds * 100 {
        if phases.withLock({ $0.contains(where: condition) }) { return true }
        usleep(10_000)
      }
      return false
    }
  }

  @Test("records what it is given, reports each frame's first byte and finishes the file")
  func recording() throws {
    let media = try EncodedSecond()
    let path = TestMedia.temporaryPath("worker.mp4")
    defer { unsafe unlink(path) }
    let recorder = Recorder()
    let worker = recorder.worker(try OutputDestination(path), media.format)
    #expect(recorder.wait(5) { $0 == .live })
    for packet in media.packets { worker.enqueue(packet) }
    #expect(worker.stop() == nil)
    #expect(recorder.phases.withLock { $0 } == [.connecting, .live])
    let expected = media.packets.filter(\.isVideo).map(\.ledgerID)
    #expect(recorder.ledgerIDs.withLock { $0 } == expected)
    #expect(recorder.keyFrameRequests.load(ordering: .relaxed) == 1)
    #expect(worker.counters.bytes > 1000)
    #expect(TestMedia.exists(path))
  }

  @Test("an RTMP server that is not there gives retrying with the reason, and stopping is quick")
  func unreachable() throws {
    let media = try EncodedSecond()
    let recorder = Recorder()
    let worker = recorder.worker(try OutputDestination("rtmp://127.0.0.1:1/app/key"), media.format)
    let isRetrying = recorder.wait(5) { phase in
      if case .retrying(let reason) = phase { reason.contains("output.unreachable") } else { false }
    }
    #expect(isRetrying)
    for packet in media.packets { worker.enqueue(packet) }
    let start = MonotonicClock.now()
    worker.stop()
    #expect(MonotonicClock.now() - start < .seconds(2))
    #expect(worker.counters.bytes == 0 && worker.counters.dropped > 0)
  }

  @Test("a server that never answers cannot hold up the stop")
  func silentServer() throws {
    let media = try EncodedSecond()
    let server = try SilentServer()
    let recorder = Recorder()
    let worker = recorder.worker(try OutputDestination("rtmp://127.0.0.1:\(server.port)/app/key"), media.format)
    #expect(recorder.wait(5) { $0 == .connecting })
    let start = MonotonicClock.now()
    worker.stop()
    #expect(MonotonicClock.now() - start < .seconds(2))
  }

  @Test("a file that cannot be made is a final failure")
  func fileFailure() throws {
    let media = try EncodedSecond()
    let recorder = Recorder()
    let worker = recorder.worker(try OutputDestination("/nowhere/at/all.mp4"), media.format)
    let hasFailed = recorder.wait(5) { phase in
      if case .failed(let reason) = phase { reason.contains("output.file-not-writable") } else { false }
    }
    #expect(hasFailed)
    #expect(worker.stop()?.code == "output.file-not-writable")
  }

  @Test("what is lost at the very end is told by the stop")
  func fullDisk() throws {
    let media = try EncodedSecond()
    let recorder = Recorder()
    let worker = recorder.worker(OutputDestination(recordingAt: "/dev/full"), media.format)
    #expect(recorder.wait(5) { $0 == .live })
    for packet in media.packets { worker.enqueue(packet) }
    #expect(worker.stop() == .diskFull)
  }

  @Test("a file gets what came within half a minute of a standstill; what is beyond is missed")
  func standstill() throws {
    let media = try EncodedSecond()
    let path = TestMedia.temporaryPath("standstill.mp4")
    defer { unsafe unlink(path) }
    let recorder = Recorder()
    let worker = recorder.worker(OutputDestination(recordingAt: path), media.format)
    let key = try #require(media.packets.first { $0.isVideo })
    // All at once, faster than any disk: more than may wait.
    for second in 0..<3000 {
      var packet = key
      packet.time = .seconds(Int64(second))
      worker.enqueue(packet)
    }
    #expect(worker.stop() == .incomplete)
  }
}
