/// What a room must not forget when the server stops. Times are milliseconds since 1970.
public struct RoomMemory: Sendable, Equatable, Codable {
  public struct SeatMemory: Sendable, Equatable, Codable {
    enum State: String, Codable { case reserved, connecting, onAir }

    let index: Int
    let user: Person
    let media: StageRequest.Media
    let state: State
    let deadline: Int64?
    let controls: Controls
    let restraint: Restraint
    /// Older memories have none.
    let firm: Restraint?
  }

  public struct RequestMemory: Sendable, Equatable, Codable {
    let id: String
    let origin: StageRequest.Origin
    let user: Person
    let media: StageRequest.Media
    let message: String
  }

  public internal(set) var info: RoomInfo
  public internal(set) var settings = RoomSettings()
  public internal(set) var status = Room.Status.waiting
  public internal(set) var started: Int64?
  public internal(set) var ended: Int64?
  public internal(set) var endReason: Room.EndReason?
  public internal(set) var isClosedForGood = false
  var wasLive = false
  public internal(set) var admins: [Person] = []
  var lockedSeats: [Int] = []
  var seats: [SeatMemory] = []
  var pending: [RequestMemory] = []
  var coolDowns: [String: Int64] = [:]
  /// Older memories have none.
  var removals: [String: Int64]?
  /// The same.
  var heldRestraints: [HeldRestraints.Entry]?
  /// The same.
  var made: Int64?
  /// The same.
  var peak: Int?
  public var peakViewers: Int { peak ?? 0 }
  var chat = ChatMemory()
  /// The same. A restart ends it.
  public var link: LinkMemory?

  /// A room that nothing has happened to yet.
  public init(info: RoomInfo, settings: RoomSettings = RoomSettings(), status: Room.Status = .waiting) {
    self.info = info
    self.settings = settings
    self.status = status
  }
}
