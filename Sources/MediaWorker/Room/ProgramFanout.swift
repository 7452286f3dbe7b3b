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

  private struct State {
    var entries: [Entry] = []
    var isClosed = false
  }

  private let state = Mutex(State())

  /// False when the programme has ended while the output began: then nobody but the caller stops the worker.
  func add(_ id: OutputID, container: Container, worker: OutputWorker) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.entries.append(
        Entry(id: id, video: container.videoCodec, audio: container.audioCodec, worker: worker))
      return true
    }
  }

  /// The worker, which the caller must stop outside of any loop: it may write its trailer for seconds.
  func remove(_ id: OutputID) -> OutputWorker? {
    state.withLock { state in
      guard let index = state.entries.firstIndex(where: { $0.id == id }) else { return nil }
      return state.entries.remove(at: index).worker
    }
  }

  /// All workers, for the caller to stop; none is taken any more.
  func close() -> [OutputWorker] {
    state.withLock { state in
      state.isClosed = true
      defer { state.entries.removeAll() }
      return state.entries.map(\.worker)
    }
  }

  func send(_ packet: EncodedPacket) {
    state.withLock { state in
      for entry in state.entries {
        switch packet.track {
        case .video(let codec): if entry.video == codec { entry.worker.enqueue(packet) }
        case .audio(let codec): if entry.audio == codec { entry.worker.enqueue(packet) }
        }
      }
    }
  }

  func counters() -> [(id: OutputID, bytes: Int, dropped: Int)] {
    state.withLock { state in
      state.entries.map { entry in
        let counters = entry.worker.counters
        return (entry.id, counters.bytes, counters.dropped)
      }
    }
  }
}
