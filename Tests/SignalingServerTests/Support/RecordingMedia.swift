import MediaControl
import Synchronization

/// A media side that does nothing, remembers what it was asked, and says what a test wants it to say.
final class RecordingMedia: MediaBackend {
  let events: AsyncStream<MediaEvent>
  private let continuation: AsyncStream<MediaEvent>.Continuation
  private let state = Mutex(State())

  private struct State {
    var commands: [MediaCommand] = []
    var rooms: Set<RoomID> = []
    var refusal: (@Sendable (MediaCommand) -> MediaError?)?
    var delay: (@Sendable (MediaCommand) async -> Void)?
  }

  init() { (events, continuation) = AsyncStream.makeStream() }

  var commands: [MediaCommand] { state.withLock { $0.commands } }

  /// Of the outputs that were added, whether each may be private.
  var reaches: [Bool] {
    commands.compactMap { if case .addOutput(_, _, _, let allowsPrivate) = $0 { allowsPrivate } else { nil } }
  }

  func refuse(_ refusal: @escaping @Sendable (MediaCommand) -> MediaError?) {
    state.withLock { $0.refusal = refusal }
  }

  /// Carries commands out only after `delay`.
  func hold(_ delay: @escaping @Sendable (MediaCommand) async -> Void) {
    state.withLock { $0.delay = delay }
  }

  func forgetRooms() { state.withLock { $0.rooms.removeAll() } }

  func emit(_ event: MediaEvent) { continuation.yield(event) }

  func finish() { continuation.finish() }

  func perform(_ command: MediaCommand) async throws(MediaError) -> MediaReply {
    let refusal = state.withLock { state -> MediaError? in
      state.commands.append(command)
      if let refusal = state.refusal?(command) { return refusal }
      switch command {
      case .createRoom(let room, _): state.rooms.insert(room)
      case .closeRoom(let room): state.rooms.remove(room)
      default: if let room = command.room, !state.rooms.contains(room) { return .unknownRoom }
      }
      return nil
    }
    if let refusal { throw refusal }
    await state.withLock { $0.delay }?(command)
    return reply(to: command)
  }

  private func reply(to command: MediaCommand) -> MediaReply {
    switch command {
    case .openPublisher(_, _, _, _, let offer), .openViewer(_, _, let offer),
      .openStageReceiver(_, _, _, _, let offer):
      .session(answer: "v=0\r\ns=answer to \(offer.utf8.count) bytes\r\n")
    case .patchSession(_, let fragment): .fragment(fragment.contains("ice-ufrag") ? "a=ice-ufrag:new\r\n" : "")
    case .setLayout(_, let request):
      .scene(SceneDescription(layout: request.layout, canvas: .init(width: 1280, height: 720), layers: []))
    case .roomStats:
      .stats(
        RoomStats(
          framesComposed: 7, ticksMissed: 0, viewers: 1, participants: [],
          outputs: [.init(id: "o_1", state: .live, bytesSent: 5, packetsDropped: 0)], latency: [:]))
    case .trace(_, let seconds): .trace("{\"traceEvents\":[],\"seconds\":\(seconds)}")
    case .metrics:
      .metrics(
        MetricsSnapshot(
          samples: [MetricSample(name: "ticks_total", help: "Ticks.", kind: .counter, value: 5)],
          histograms: [
            MetricHistogram(
              name: "stage_seconds", help: "Stages.", labels: ["stage": "compose"], bounds: [0.001, 0.01],
              counts: [1, 3], total: 4, sum: 0.05)
          ]))
    default: .done
    }
  }
}

extension MediaCommand {
  /// The room a command needs.
  var room: RoomID? {
    switch self {
    case .openPublisher(_, let room, _, _, _), .openViewer(_, let room, _), .openStageReceiver(_, let room, _, _, _),
      .setLayout(let room, _), .setParticipant(let room, _, _), .addOutput(let room, _, _, _),
      .removeOutput(let room, _), .startRecording(let room, _, _), .finishRecording(let room, _),
      .roomStats(let room), .trace(let room, _):
      room
    default: nil
    }
  }

  /// The case's name, for order checks.
  var name: String { String(String(describing: self).prefix { $0 != "(" }) }
}
