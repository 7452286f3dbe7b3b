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
  let cover: String
  let notice: String
  let category: String
  let tags: [String]
  let video: VideoSettings
  let participants: Int
  let viewers: Int
  /// The most viewers there were at once.
  let peakViewers: Int
  let likes: Int
  /// All that were given, and the sum of their prices.
  let gifts: Int
  let giftValue: Int
  let createdAt: String
  @OrNull private(set) var startedAt: String?
  @OrNull private(set) var endedAt: String?
  let endReason: Room.EndReason?
  let settings: SettingsBody
  /// The link with other rooms it is in.
  var link: LinkBody?

  /// A room that is not loaded: nobody is in it.
  init(_ stored: StoredRoom, showsFilter: Bool = false) {
    let memory = stored.memory
    self.init(
      stored, host: stored.host, info: memory.info, settings: SettingsBody(memory.settings, showsFilter: showsFilter),
      status: stored.status, audience: (0, 0, memory.peakViewers), given: (stored.likes, stored.gifts),
      times: (memory.started, memory.ended), endReason: memory.endReason)
  }

  init(_ stored: StoredRoom, _ room: Room, clock: WallClock, showsFilter: Bool) {
    self.init(
      stored, host: room.host, info: room.info, settings: SettingsBody(room.settings, showsFilter: showsFilter),
      status: room.status,
      audience: (room.participants.count, room.viewers, room.peakViewers), given: (room.chat.likes, room.chat.gifts),
      times: (room.started.map(clock.milliseconds(of:)), room.ended.map(clock.milliseconds(of:))),
      endReason: room.endReason)
  }

  private init(
    _ stored: StoredRoom, host: Person, info: RoomInfo, settings: SettingsBody, status: Room.Status,
    audience: (participants: Int, viewers: Int, peak: Int), given: (likes: Int, gifts: GiftTotals),
    times: (started: Int64?, ended: Int64?), endReason: Room.EndReason?
  ) {
    id = stored.id
    hostId = host.id
    hostName = host.name
    video = stored.video
    createdAt = Self.text(stored.createdAt)
    title = info.title
    layout = info.layout
    cover = info.cover
    notice = info.notice
    category = info.category
    tags = info.tags
    self.status = status
    self.settings = settings
    (participants, viewers, peakViewers) = audience
    (likes, gifts, giftValue) = (given.likes, given.gifts.count, given.gifts.value)
    startedAt = times.started.map(Self.text)
    endedAt = times.ended.map(Self.text)
    self.endReason = endReason
  }

  static func text(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
  }
}

struct RoomListBody: Encodable, Sendable {
  let rooms: [RoomBody]
  @OrNull private(set) var next: String?

  init(rooms: [RoomBody], next: String?) {
    self.rooms = rooms
    self.next = next
  }
}

/// A field that is there even when it is null.
@propertyWrapper
struct OrNull<Value: Encodable & Sendable>: Encodable, Sendable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}
