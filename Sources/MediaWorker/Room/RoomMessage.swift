import MediaControl
import MixCore
import Outputs
import Transport

/// What one room's loop is told.
enum RoomMessage: LoopMessage {
  case join(UserID, ParticipantRole, SessionID)
  case leave(UserID, SessionID)
  case picture(UserID, SourcePicture)
  case audio(UserID, ReceivedAudioPacket)
  case setLayout(Layout, Reply)
  case link(LinkChange)
  /// The host of a linked room publishes, in that session and with those controls.
  case guestJoined(UserID, SessionID, ParticipantControls)
  case guestLeft(UserID, SessionID)
  case guestPicture(UserID, SourcePicture)
  case guestAudio(UserID, ReceivedAudioPacket)
  /// The largest rectangle in which a linked room shows this room's host, if any.
  case shownElsewhere(UserID, in: RoomID, PixelSize?)
  case setParticipant(UserID, ParticipantControls, Reply)
  case addOutput(OutputID, OutputDestination, OutputReach, Reply)
  case removeOutput(OutputID, Reply)
  /// The same, but the reply waits until everything is written.
  case finishOutput(OutputID, Reply)
  case outputPhase(OutputID, OutputPhase)
  /// A WHEP viewer came (+1) or went (−1); `nil` codec: sound only.
  case viewerChanged(VideoCodec?, by: Int)
  /// The height of the largest tile in which others on stage see this user; 0 for none.
  case stageTile(UserID, height: Int)
  case keyFrameNeeded(VideoCodec)
  case frameDone(FrameStamps)
  case firstByte(UInt64, MediaTime)
  case stats([PublisherReport], Reply)
  case trace(seconds: Int, Reply)
  case metrics(@Sendable (RoomMetrics) -> Void)
  case stop(Reply)

  var isMedia: Bool {
    switch self {
    case .picture, .audio, .guestPicture, .guestAudio, .keyFrameNeeded, .frameDone, .firstByte: true
    default: false
    }
  }

  var bytes: Int {
    switch self {
    case .picture(_, let picture), .guestPicture(_, let picture): picture.bytes
    default: 0
    }
  }

  func refuse() {
    switch self {
    case .setLayout(_, let reply), .setParticipant(_, _, let reply), .addOutput(_, _, _, let reply),
      .removeOutput(_, let reply), .finishOutput(_, let reply), .stats(_, let reply), .trace(_, let reply),
      .stop(let reply):
      reply(.failure(.unknownRoom))
    case .metrics(let answer): answer(RoomMetrics())
    case .join, .leave, .picture, .audio, .link, .guestJoined, .guestLeft, .guestPicture, .guestAudio, .shownElsewhere,
      .outputPhase, .viewerChanged, .stageTile, .keyFrameNeeded, .frameDone, .firstByte:
      break
    }
  }
}

/// When one programme frame passed the work pool.
struct FrameStamps: Sendable {
  var id: UInt64
  var composeStarted = MediaTime.zero
  var composed = MediaTime.zero
  var encoded = MediaTime.zero
  var packetized = MediaTime.zero
}

/// What one room adds to `/metrics`.
struct RoomMetrics: Sendable {
  var framesComposed = 0
  var ticksMissed = 0
  var mediaDiscarded = 0
  var viewers = 0
  var participants = 0
  var stages: [(Stage, LatencyHistogram)] = []
  var mixLatency = LatencyHistogram()
  var outputs: [OutputState: Int] = [:]
  var recordings = 0
}
