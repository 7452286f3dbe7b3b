/// How often strangers may try.
struct SignInRates: Sendable {
  /// New guests and accounts of one address.
  let newcomers: KeyedRate
  /// Wrong passwords of one address, and of one user who wants a new one.
  let addresses: KeyedRate
  let changes: KeyedRate
  /// Wrong passwords of one name from addresses that did not have the right one lately.
  let names: KeyedRate
  /// New names of one guest.
  let renames: KeyedRate

  init(_ limits: ServerLimits) {
    newcomers = KeyedRate(burst: limits.newcomersBurst, perMinute: limits.newcomersPerMinute)
    addresses = KeyedRate(burst: limits.signInTries, perMinute: Double(limits.signInTries))
    changes = KeyedRate(burst: limits.signInTries, perMinute: Double(limits.signInTries))
    renames = KeyedRate(burst: limits.renamesBurst, perMinute: limits.renamesPerMinute)
    names = KeyedRate(burst: limits.signInTriesPerName, perMinute: Double(limits.signInTriesPerName) / 60)
  }

  /// Whether a password for `name` may be tried from there. Whoever has signed in from there before does not depend on
  /// what others try with his name.
  func admit(_ name: String, from address: String, isFamiliar: Bool) -> Bool {
    guard addresses.take(address) else { return false }
    return isFamiliar || names.take(name)
  }

  /// It was the right one, or was not looked at.
  func giveBack(_ name: String, from address: String, isFamiliar: Bool) {
    addresses.giveBack(address)
    if !isFamiliar { names.giveBack(name) }
  }
}
