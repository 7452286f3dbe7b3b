import MediaControl
import MixCore
import Outputs
import Synchronization

/// An output as the room knows it.
struct OutputRecord {
  var destination: OutputDestination
  var state: OutputState = .connecting
  var reason: String?

  var isRecording: Bool { destination.isFragmented }
}

extension RoomLoop {
  static let maximumOutputs = 10

  func addOutput(_ id: OutputID, destination: OutputDestination, reach: OutputReach, reply: @escaping Reply) {
    // A room that was made anew begins with all its outputs, of which one may be asked for again.
    guard outputs[id] == nil else { return reply(.success(.done)) }
    guard outputs.count < Self.maximumOutputs else {
      return reply(
        .failure(MediaError(code: "output.too-many", message: "A room has at most \(Self.maximumOutputs) outputs.")))
    }
    outputs[id] = OutputRecord(destination: destination)
    let container = destination.container
    encoder.demand.withLock { $0.outputs[container.videoCodec, default: 0] += 1 }
    sound.outputs[container.audioCodec, default: 0] += 1
    let audioResult = sound.format(of: container.audioCodec)
    // The encoder is opened on the work pool: it would hold up the ticks here.
    encoder.prepare(container.videoCodec) { [fanout, mailbox, encoder] videoResult in
      guard case .success(let video) = videoResult, case .success(let audio) = audioResult else {
        mailbox.send(.outputPhase(id, .failed(reason: "the encoder could not be opened")))
        return
      }
      let worker = OutputWorker(
        destination: destination, reach: reach, format: ProgramFormat(video: video, audio: audio),
        onPhase: { mailbox.send(.outputPhase(id, $0)) },
        onFirstByte: { mailbox.send(.firstByte($0, MonotonicClock.now()), wake: false) },
        needsKeyFrame: { encoder.demand.withLock { _ = $0.keyFrames.insert(container.videoCodec) } })
      if !fanout.add(id, container: container, worker: worker) { worker.requestStop() }
    }
    reply(.success(.done))
  }

  /// - Parameter ended: called on another thread when the output has written all it had, or has lost some of it.
  func removeOutput(
    _ id: OutputID, ended: @escaping @Sendable (MediaError?) -> Void = { _ in }
  ) -> Result<MediaReply, MediaError> {
    guard let record = outputs.removeValue(forKey: id) else {
      return .failure(MediaError(code: "output.unknown", message: "No such output."))
    }
    let container = record.destination.container
    encoder.demand.withLock { $0.outputs[container.videoCodec, default: 0] -= 1 }
    sound.outputs[container.audioCodec, default: 0] -= 1
    encoder.release { [fanout] in
      // Behind the opening in the lane, so that an output removed at once is found here.
      guard let worker = fanout.remove(id) else {
        return ended(MediaError(code: "media.encoder", message: "The encoder could not be opened."))
      }
      LoopThread.start("mix-out-stop") {
        ended(worker.stop().map { MediaError(code: $0.code, message: $0.message) })
      }
    }
    return .success(.done)
  }

  func finishOutput(_ id: OutputID, reply: @escaping Reply) {
    let result = removeOutput(id) { loss in
      if let loss { reply(.failure(loss)) } else { reply(.success(.done)) }
    }
    if case .failure = result { reply(result) }
  }

  func outputChanged(_ id: OutputID, phase: OutputPhase) {
    guard var record = outputs[id] else { return }
    switch phase {
    case .connecting: (record.state, record.reason) = (.connecting, nil)
    case .live: (record.state, record.reason) = (.live, nil)
    case .retrying(let reason): (record.state, record.reason) = (.retrying, reason)
    case .failed(let reason): (record.state, record.reason) = (.failed, reason)
    }
    outputs[id] = record
    emit(.outputState(room, id, record.state, reason: record.reason))
  }
}
