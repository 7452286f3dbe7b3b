/// The places there are for events sockets: so many for each address, and for each user in all rooms.
struct SocketPlaces: Sendable {
  /// By `AddressGroup`.
  private let addresses: SocketCounter
  /// Those whose token comes with the first message are counted as soon as it has come.
  let users: SocketCounter

  init(_ limits: ServerLimits) {
    addresses = SocketCounter(limit: limits.socketsPerAddress)
    users = SocketCounter(limit: limits.socketsPerUser)
  }

  /// Takes a place, unless all are taken. Whoever gets one gives it back.
  func enter(_ address: String, _ user: String?) -> Bool {
    guard addresses.enter(address) else { return false }
    guard let user, !users.enter(user) else { return true }
    addresses.leave(address)
    return false
  }

  func leave(_ address: String, _ user: String?) {
    addresses.leave(address)
    if let user { users.leave(user) }
  }

  /// Whether somebody who asks now would get none.
  func isFull(for address: String, _ user: String?) -> Bool {
    addresses.isFull(for: address) || user.map { users.isFull(for: $0) } == true
  }
}
