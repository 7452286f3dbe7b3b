/// A room as links know it.
public struct LinkRoom: Sendable, Equatable, Codable {
  public let id: String
  public let title: String
  public internal(set) var host: Person

  public init(id: String, title: String, host: Person) {
    self.id = id
    self.title = title
    self.host = host
  }
}

/// A room with what decides at this moment whether it may be linked.
public struct LinkParty: Sendable, Equatable {
  public var room: LinkRoom
  public var isLive: Bool
  /// There are co-hosts, or places promised to some.
  public var isStageOccupied: Bool

  public init(room: LinkRoom, isLive: Bool, isStageOccupied: Bool) {
    self.room = room
    self.isLive = isLive
    self.isStageOccupied = isStageOccupied
  }

  func requireReady() throws(SignalingError) {
    if !isLive { throw .linkNotLive }
    if isStageOccupied { throw .linkStageOccupied }
  }
}
