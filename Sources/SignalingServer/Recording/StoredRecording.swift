/// One recording of a room's programme as the store has it. Its file has the same name.
struct StoredRecording: Sendable, Equatable {
  enum State: String, Sendable, Codable, CaseIterable {
    case recording
    case ended
    /// Not all of what was wanted could be recorded; what is there, if anything, can be played.
    case failed
  }

  /// The place in the list; the store gives it.
  var sequence: Int64 = 0
  let id: String
  let room: String
  var state = State.recording
  var reason: String?
  /// Milliseconds since 1970.
  var startedAt: Int64
  var endedAt: Int64?
  /// Of the finished file.
  var bytes: Int64 = 0

  /// - Parameter time: milliseconds since 1970.
  mutating func close(_ end: RecordingEnd, bytes: Int64, at time: Int64) {
    state = end.isFailure ? .failed : .ended
    reason = end.rawValue
    endedAt = time
    self.bytes = bytes
  }
}

/// Why a recording is over. The names are part of the API.
enum RecordingEnd: String, Sendable {
  case stopped
  case roomEnded = "room.ended"
  /// Nobody was in the room for so long that the worker forgot it.
  case unused = "room.unused"
  case tooLong = "recording.too-long"
  case restart
  case noSpace = "recording.no-space"
  /// The host keeps as much as he may.
  case quota = "recording.quota"
  case notWritable = "recording.not-writable"
  /// The disk stood still for so long that something is missing in the middle.
  case incomplete = "recording.incomplete"
  /// The worker has lost the room.
  case interrupted = "recording.interrupted"
  /// It was over before anything was written that could be played.
  case empty = "recording.empty"
  /// There is no file.
  case lost = "recording.lost"

  var isFailure: Bool {
    switch self {
    case .stopped, .roomEnded, .unused, .tooLong, .restart: false
    case .noSpace, .quota, .notWritable, .incomplete, .interrupted, .empty, .lost: true
    }
  }

  /// - Parameter reason: what the worker says of a file that it can write no longer: a code and maybe more.
  init(ofFailure reason: String?) {
    let code = (reason ?? "").prefix { $0 != ":" }
    self =
      switch code {
      case "output.disk-full": .noSpace
      case "output.file-not-writable", "output.io", "output.timed-out": .notWritable
      case "output.incomplete": .incomplete
      default: .interrupted
      }
  }
}
