import MediaControl
import MixCore
import Outputs
import Synchronization

/// The outputs of one programme: hands each encoded packet to every output that wants its codec.
final class ProgramFanout: Sendable {
  private struct Entry {
    var id: OutputID
    var video: VideoCodec
    var audio: AudioCodec
    var worker: OutputWorker
  }

  private let entries = Mutex<[Entry]>([])

  func add(_ id: OutputID, container: Container, worker: OutputWorker) {
    entries.withLock {
      $0.append(Entry(id: id, video: container.videoCodec, audio: container.audioCodec, worker: worker))
    }
  }

  /// The worker, which the caller must stop outside of any loop: it may write its trailer for seconds.
  func remove(_ id: OutputID) -> OutputWorker? {
    entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
      return entries.remove(at: index).worker
    }
  }

  func removeAll() -> [OutputWorker] {
    entries.withLock { entries in
      defer { entries.removeAll() }
      return entries.map(\.worker)
    }
  }

  func send(_ packet: EncodedPacket) {
    entries.withLock { entries in
      for entry in entries {
        switch packet.track {
        case .video(let codec): if entry.video == codec { entry.worker.enqueue(packet) }
        case .audio(let codec): if entry.audio == codec { entry.worker.enqueue(packet) }
        }
      }
    }
  }

  func counters() -> [(id: OutputID, bytes: Int, dropped: Int)] {
    entries.withLock { entries in
      entries.map { entry in
        let counters = entry.worker.counters
        return (entry.id, counters.bytes, counters.dropped)
      }
    }
  }
}
