import Foundation
import Signaling

/// A room as the API shows it.
struct RoomBody: Encodable, Sendable {
  let id: String
  let title: String
  let status: Room.Status
  let hostId: String
  let hostName: String
  let layout: String
  let video: VideoSettings
  let participants: Int
  let viewers: Int
  let createdAt: String
  /// The link with other rooms it is in.
  var link: LinkBody?

  /// A room that is not loaded: nobody is in it.
  init(_ stored: StoredRoom) {
    self.init(stored, title: stored.title, layout: stored.layout, status: stored.status, participants: 0, viewers: 0)
  }

  init(_ stored: StoredRoom, _ room: Room) {
    self.init(
      stored, title: room.title, layout: room.layout, status: room.status, participants: room.participants.count,
      viewers: room.viewers)
  }

  private init(
    _ stored: StoredRoom, title: String, layout: String, status: Room.Status, participants: Int, viewers: Int
  ) {
    id = stored.id
    hostId = stored.host.id
    hostName = stored.host.name
    video = stored.video
    createdAt = Date(timeIntervalSince1970: Double(stored.createdAt) / 1000).formatted(.iso8601)
    self.title = title
    self.layout = layout
    self.status = status
    self.participants = participants
    self.viewers = viewers
  }
}

struct RoomListBody: Encodable, Sendable {
  let rooms: [RoomBody]
  let next: String?

  private enum CodingKeys: CodingKey { case rooms, next }

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rooms, forKey: .rooms)
    try container.encode(next, forKey: .next)
  }
}
