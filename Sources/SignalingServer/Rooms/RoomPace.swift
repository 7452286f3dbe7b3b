import Signaling

/// How often rooms are made: by each user, and by all guests of one address. What was taken for a room that was not made
/// is given back.
struct RoomPace: Sendable {
  private let users: KeyedRate
  private let guests: KeyedRate

  init(_ limits: ServerLimits) {
    users = KeyedRate(burst: limits.roomsBurst, perMinute: limits.roomsPerMinute)
    guests = KeyedRate(burst: limits.guestRoomsBurst, perMinute: limits.guestRoomsPerMinute)
  }

  /// - Parameter address: what all guests there are counted by (`AddressGroup`); nil for hosts who are not counted so.
  func take(_ host: Person, from address: String?) throws(APIError) {
    guard host.isOperator || users.take(host.id) else {
      throw APIError.roomTooOften.waiting(users.pause(for: host.id))
    }
    guard let address, !guests.take(address) else { return }
    giveBack(host, from: nil)
    throw APIError.roomTooOften.waiting(guests.pause(for: address))
  }

  func giveBack(_ host: Person, from address: String?) {
    if !host.isOperator { users.giveBack(host.id) }
    if let address { guests.giveBack(address) }
  }
}
