import MediaControl
import SyntheticClient

/// What the load saw.
struct LoadReport: Encodable {
  struct Sent: Encodable {
    var frames: Int
    var framesSkipped: Int
    var keyFrameRequests: Int
    var videoBytes: Int

    init(_ report: PublisherReport) {
      frames = report.framesSent
      framesSkipped = report.framesSkipped
      keyFrameRequests = report.keyFrameRequests
      videoBytes = report.videoBytes
    }
  }

  var room: String
  var seconds: Int
  var stats: RoomStats?
  var sent: [Sent] = []
  /// Frames each viewer got.
  var received: [Int] = []
  var joins = 0
  /// Joins that did not work, at most one line each.
  var failures: [String] = []

  init(room: String, seconds: Int) {
    self.room = room
    self.seconds = seconds
  }
}
