import MediaControl
import MixCore
import Transport

/// One WebRTC session inside the network loop. Never leaves that thread.
final class NetSession {
  enum Kind {
    case publisher(UserID, ParticipantRole, SourceDecoder)
    case viewer
    case stageReceiver(UserID, source: UserID)
  }

  let id: SessionID
  let room: RoomID
  let kind: Kind
  var rtc: RTCSession
  /// Sources of datagrams that belong to this session.
  var addresses: [SocketAddress] = []
  /// Local ICE user name fragments by which checks find it.
  var names: [String] = []
  /// RTP sources by which media from new addresses finds it.
  var sources: [UInt32] = []
  var isConnected = false
  /// Of a publication: the one as which the room knows its user; `nil` before it knows him.
  var place: SessionID?

  /// Media indices by kind, once negotiated.
  var audio: Int?
  var video: Int?
  var videoCodec: VideoCodec?

  /// Of a publication: its rectangles in the programmes of its own and of linked rooms, where anybody sees it.
  var shownSizes: [RoomID: PixelSize] = [:]
  /// Of a publication: linked rooms that show it.
  var followers: [Follower] = []
  var programLayer = ProgramLayer()
  /// Layer whose pictures are put together; `nil` for none.
  var decodedLayer: Int? = 0

  /// Of a stage receiver: the height in pixels of the tile that shows its source.
  var tileHeight = NetSession.standardTileHeight

  var stageChoice = StageChoice()
  var stageForwarder = StageForwarder()
  var stageSound = StageSound()

  static let standardTileHeight = 360

  init(id: SessionID, room: RoomID, kind: Kind, rtc: consuming RTCSession) {
    self.id = id
    self.room = room
    self.kind = kind
    self.rtc = rtc
  }

  /// Remembers which media section carries what.
  func adoptNegotiatedMedia() {
    for (index, media) in rtc.media.enumerated() where !media.rejected {
      switch media.kind {
      case .audio: audio = audio ?? index
      case .video:
        guard video == nil else { continue }
        video = index
        videoCodec = media.videoCodec
      }
    }
  }

  /// Who publishes here, if anybody.
  var publisher: UserID? {
    if case .publisher(let user, _, _) = kind { user } else { nil }
  }

  /// Whose media this session receives forwarded, if anybody's.
  var forwardedSource: UserID? {
    if case .stageReceiver(_, let source) = kind { source } else { nil }
  }

  /// What fills every rectangle that shows this publication; `nil` while there is none.
  var shownSize: PixelSize? {
    shownSizes.values.reduce(nil) { size, next in
      PixelSize(width: max(size?.width ?? 0, next.width), height: max(size?.height ?? 0, next.height))
    }
  }

  var isViewer: Bool {
    if case .viewer = kind { true } else { false }
  }
}
