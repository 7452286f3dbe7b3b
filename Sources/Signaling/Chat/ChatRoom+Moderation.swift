/// How long and why somebody is muted or banned.
public struct SanctionTerms: Sendable, Equatable {
  /// `nil` for ever.
  public var seconds: Int?
  public var reason: String?

  public init(seconds: Int? = nil, reason: String? = nil) {
    self.seconds = seconds
    self.reason = reason
  }
}

extension ChatRoom {
  /// `user` may not write until the time is over or he is let again.
  public mutating func mute(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    let sanction = try sanction(user, terms, by: actor, at: now)
    try mutes.add(sanction, limit: limits.sanctions, at: now)
    return [.storeSanctions, .tell(.muted(sanction))]
  }

  public mutating func unmute(_ user: String, at now: Instant) -> [ChatAction] {
    guard let sanction = mutes.remove(user) else { return [] }
    return [.storeSanctions] + (sanction.holds(at: now) ? [.tell(.unmuted(sanction.user))] : [])
  }

  /// `user` may not be in the room; what he has open there is for the caller to end.
  public mutating func ban(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> [ChatAction] {
    let sanction = try sanction(user, terms, by: actor, at: now)
    try bans.add(sanction, limit: limits.sanctions, at: now)
    return [.storeSanctions, .tell(.banned(sanction))]
  }

  private func sanction(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) -> Sanction {
    let sanction = try Sanction(user, terms, by: actor, at: now)
    _ = try permitReason(sanction.reason ?? "", by: actor, at: now)
    return sanction
  }

  public mutating func unban(_ user: String, at now: Instant) -> [ChatAction] {
    guard let sanction = bans.remove(user) else { return [] }
    return [.storeSanctions] + (sanction.holds(at: now) ? [.tell(.unbanned(sanction.user))] : [])
  }

  public func muted(at now: Instant) -> [Sanction] { mutes.all(at: now) }
  public func banned(at now: Instant) -> [Sanction] { bans.all(at: now) }
  public func mute(of user: String, at now: Instant) -> Sanction? { mutes.entry(of: user, at: now) }
  public func ban(of user: String, at now: Instant) -> Sanction? { bans.entry(of: user, at: now) }
}

extension Sanction {
  fileprivate init(
    _ user: Person, _ terms: SanctionTerms, by actor: Person, at now: Instant
  ) throws(SignalingError) {
    if let seconds = terms.seconds, !(1...365 * 86_400).contains(seconds) { throw .moderationSeconds }
    guard let reason = DisplayText.line(terms.reason ?? "", characters: 100, bytes: 800) else { throw .reasonInvalid }
    let until = terms.seconds.map { now.advanced(bySeconds: Double($0)) }
    self.init(user: user, until: until, reason: reason.isEmpty ? nil : reason, by: actor)
  }
}
