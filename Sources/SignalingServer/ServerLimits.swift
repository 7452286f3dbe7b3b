public import Signaling

/// Every size, count and time that protects the control plane.
public struct ServerLimits: Sendable, Equatable {
  /// Bytes of a JSON request body and of a WebSocket message.
  public var jsonBody = 64 * 1024
  /// Bytes of an SDP offer or fragment.
  public var sdpBody = 64 * 1024
  /// Bytes of all request headers.
  public var headers = 16 * 1024
  public var headerCount = 100
  /// Seconds until a request's head, and then its body, must be complete.
  public var headDeadline = 10.0
  public var bodyDeadline = 30.0
  /// Seconds a connection may be idle between requests.
  public var keepAlive = 60.0
  public var connections = 16_000
  public var loadedRooms = 10_000
  /// Seconds a room stays where it is after somebody asked for it: longer than anybody's way to it.
  public var roomGrace = 60.0
  /// Rooms of one host that are not over.
  public var roomsPerAccount = 10
  public var roomsPerGuest = 3
  /// New rooms of one user: a burst, then this many a minute.
  public var roomsBurst = 10
  public var roomsPerMinute = 6.0
  /// New rooms of all guests of one address: a burst, then this many a minute. There are `loadedRooms` for everybody.
  public var guestRoomsBurst = 60
  public var guestRoomsPerMinute = 20.0
  /// Changes of rooms by one user that have no pace of their own: a burst, then this many a minute.
  public var changesBurst = 40
  public var changesPerMinute = 600.0
  /// Viewers of one address who do not say who they are: a burst, more than `viewersPerAddress`, who may all come back at
  /// the same moment, then this many a minute.
  public var strangersBurst = 200
  public var strangersPerMinute = 600.0
  /// Searches of one address by who does not say who he is: a burst, then this many a minute. A page with a search in it
  /// repeats it every five seconds.
  public var searchesBurst = 60
  public var searchesPerMinute = 300.0
  /// Notices of an operator to all rooms: a burst, then this many a minute.
  public var noticesBurst = 3
  public var noticesPerMinute = 2.0
  /// Seconds between two looks for dead rooms.
  public var tidyInterval = 10.0
  /// Seconds for which rooms that are over, finished deliveries and guests with nothing of their own are kept; 0: for ever.
  public var retention = 30.0 * 24 * 3600
  /// Seconds between two looks for what was kept so long.
  public var sweepInterval = 3600.0

  public var socketsPerAddress = 512
  /// In all rooms together: one token must not fill a room, from however many addresses.
  public var socketsPerUser = 64
  public var socketsPerRoom = 10_000
  /// Bytes waiting for one slow reader before he is disconnected.
  public var socketBacklog = 512 * 1024
  /// Bytes of the answer to a call; the backlog bears one with what else the room says.
  public var socketAnswer = 256 * 1024
  /// Messages of the chat that come with a snapshot.
  public var snapshotMessages = 50
  /// Mutes that come with the snapshot of a moderator, who would be too slow a reader for all there may be.
  public var snapshotMutes = 100
  public var pingInterval = 20.0
  /// Seconds without a sign of life, and without a token, until a socket is closed.
  public var socketSilence = 45.0
  public var socketTokenDeadline = 10.0
  /// Commands of one socket: a burst, then this many a second.
  public var commandBurst = 20.0
  public var commandRate = 10.0

  /// What the rules of every room go by.
  public var room = RoomLimits()
  /// What the rules of links between rooms go by.
  public var link = LinkLimits()
  public var viewersPerRoom = 1_000
  public var viewersPerAddress = 128
  public var outputsPerRoom = 8
  public var recording = RecordingLimits()
  /// Seconds in which the host of an output must be known.
  public var outputLookup = 5.0
  /// Seconds a token is good for; guests have no password to come back with.
  public var guestTokenLifetime = 30.0 * 24 * 3600
  public var accountTokenLifetime = 3600.0
  /// Seconds a session lives without being refreshed. Longer than any of its tokens.
  public var sessionLifetime = 60.0 * 24 * 3600
  /// Seconds in which a refresh token may be exchanged again, as long as nobody has shown the one it was exchanged for.
  public var refreshRepeat = 60.0
  /// New users of one address: a burst, then this many a minute.
  public var newcomersBurst = 120
  public var newcomersPerMinute = 60.0
  /// New names of one guest: a burst, then this many a minute.
  public var renamesBurst = 10
  public var renamesPerMinute = 6.0
  /// Wrong passwords a minute, for each address.
  public var signInTries = 5
  /// Wrong passwords an hour for each name, from addresses that have not signed in with it lately (`sessionLifetime`).
  public var signInTriesPerName = 60
  public var passwordCost = PasswordCost()
  public var passwordThreads = 1
  /// Sign-ins that may wait for a thread.
  public var passwordQueue = 32
  public var apiKeys = 100
  /// Seconds between two looks for sockets and media sessions whose sign-in is over, and how long after their token's
  /// end they are left alone: the user may be renewing it.
  public var sessionWatch = 30.0
  public var tokenGrace = 60.0
  /// Seconds a media command may take.
  public var mediaTimeout = 10.0

  /// Seconds until a room without any session gives its place in the media worker back.
  public var mediaLinger = 120.0

  public var webhooks = WebhookLimits()
  public var moderation = ModerationLimits()

  public init() {}
}
