import Synchronization

/// How often strangers may try.
struct SignInRates: Sendable {
  /// New guests and accounts of one address.
  let newcomers: KeyedRate
  /// Wrong passwords of one address, and of one user who wants a new one.
  let addresses: KeyedRate
  let changes: KeyedRate
  /// Wrong passwords of one name from addresses that never had the right one.
  let names: KeyedRate
  private let places = FamiliarPlaces()

  init(_ limits: ServerLimits) {
    newcomers = KeyedRate(burst: limits.newcomersBurst, perMinute: limits.newcomersPerMinute)
    addresses = KeyedRate(burst: limits.signInTries, perMinute: Double(limits.signInTries))
    changes = KeyedRate(burst: limits.signInTries, perMinute: Double(limits.signInTries))
    names = KeyedRate(burst: limits.signInTriesPerName, perMinute: Double(limits.signInTriesPerName) / 60)
  }

  /// Whether a password for `name` may be tried from there. Whoever has signed in from there before does not depend on
  /// what others try with his name.
  func admit(_ name: String, from address: String) -> Bool {
    guard addresses.take(address) else { return false }
    return places.contains(name, address) || names.take(name)
  }

  /// It was the right one.
  func succeeded(_ name: String, from address: String) {
    addresses.giveBack(address)
    if !places.contains(name, address) { names.giveBack(name) }
    places.add(name, address)
  }
}

/// From where the names of accounts were signed in with, lately and since the start.
private final class FamiliarPlaces: Sendable {
  private let known = Mutex<Set<String>>([])
  private static let capacity = 50_000

  func contains(_ name: String, _ address: String) -> Bool { known.withLock { $0.contains(Self.key(name, address)) } }

  func add(_ name: String, _ address: String) {
    known.withLock { known in
      // They come back one by one.
      if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
      known.insert(Self.key(name, address))
    }
  }

  private static func key(_ name: String, _ address: String) -> String { name + " " + address }
}
