import MediaControl
import MixCore
import Transport

/// Carries the answer of a command back to the control side; called once, from any thread.
typealias Reply = @Sendable (Result<MediaReply, MediaError>) -> Void

/// What the network loop is asked to do.
enum NetMessage: LoopMessage {
  case roomOpened(RoomID, RoomLink)
  case roomClosed(RoomID)
  case openPublisher(SessionID, RoomID, UserID, ParticipantRole, offer: String, Reply)
  case openViewer(SessionID, RoomID, offer: String, Reply)
  case openStageReceiver(SessionID, RoomID, receiver: UserID, source: UserID, offer: String, Reply)
  case patch(SessionID, fragment: String, Reply)
  case setTileHeight(SessionID, Int, Reply)
  case close(SessionID, Reply)
  case programVideo(RoomID, VideoCodec, PacketizedFrame, ledgerID: UInt64)
  case programAudio(RoomID, PacketizedFrame)
  case requestKeyFrame(SessionID)
  /// Pictures of this publication are wanted for a rectangle of that size in the programme of that room, or not at all.
  case decode(SessionID, PixelSize?, in: RoomID)
  /// A room shows the hosts of these other rooms.
  case follow(RoomID, [LinkedRoom])
  /// Somebody was muted or unmuted, or the like.
  case controls(RoomID, UserID, ParticipantControls)
  case reports(RoomID, @Sendable ([PublisherReport]) -> Void)
  case counters(@Sendable (NetCounters) -> Void)
  /// Answered when every session has ended, also if that was before.
  case stop(@Sendable () -> Void)

  var isMedia: Bool {
    switch self {
    case .programVideo, .programAudio, .requestKeyFrame: true
    default: false
    }
  }

  func refuse() {
    switch self {
    case .openPublisher(_, _, _, _, _, let reply), .openViewer(_, _, _, let reply),
      .openStageReceiver(_, _, _, _, _, let reply), .patch(_, _, let reply),
      .setTileHeight(_, _, let reply), .close(_, let reply):
      reply(.failure(.unknownRoom))
    case .reports(_, let answer): answer([])
    case .counters(let answer): answer(NetCounters())
    case .stop(let answer): answer()
    case .roomOpened, .roomClosed, .programVideo, .programAudio, .requestKeyFrame, .decode, .follow, .controls: break
    }
  }
}

/// How the network loop reaches one room.
struct RoomLink: Sendable {
  var mailbox: Mailbox<RoomMessage>
  var pool: WorkPool
  /// The hosts of linked rooms whom this room shows.
  var guests: [LinkedRoom] = []
  /// What was set for those who publish here.
  var controls: [UserID: ParticipantControls] = [:]
}

/// Transport counters of one publisher.
struct PublisherReport: Sendable {
  var user: UserID
  var connected: Bool
  var packetsReceived: Int
  var packetsLost: Int
  var jitter: MediaTime
}
