/// The mutes and bans of a chat as they survive a restart. Times are milliseconds since 1970.
struct ChatMemory: Sendable, Equatable, Codable {
  struct Entry: Sendable, Equatable, Codable {
    let user: Person
    let until: Int64?
    let reason: String?
    let by: Person
  }

  var mutes: [Entry] = []
  var bans: [Entry] = []
}

extension ChatRoom {
  func memory(_ clock: WallClock) -> ChatMemory {
    ChatMemory(
      mutes: mutes.all(at: clock.now).map { ChatMemory.Entry($0, clock) },
      bans: bans.all(at: clock.now).map { ChatMemory.Entry($0, clock) })
  }

  mutating func restore(_ memory: ChatMemory, _ clock: WallClock) {
    mutes = SanctionList(memory.mutes.map { $0.sanction(clock) })
    bans = SanctionList(memory.bans.map { $0.sanction(clock) })
  }

  /// Takes over messages, oldest first, and what is counted.
  mutating func restore(history: [ChatMessage], likes: Int, gifts: GiftTotals) {
    self.history = history.suffix(limits.history)
    (self.likes, self.gifts) = (likes, gifts)
  }
}

extension ChatMemory.Entry {
  fileprivate init(_ sanction: Sanction, _ clock: WallClock) {
    self.init(
      user: sanction.user, until: sanction.until.map(clock.milliseconds(of:)), reason: sanction.reason, by: sanction.by)
  }

  fileprivate func sanction(_ clock: WallClock) -> Sanction {
    Sanction(user: user, until: until.map(clock.instant(of:)), reason: reason, by: by)
  }
}
