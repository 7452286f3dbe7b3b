/// People who came and went and of whom nobody was told yet. Who does both is not mentioned.
struct PassingNews: Sendable, Equatable {
  private var entered: Set<String> = []
  private var first: [Person] = []
  private var left: Set<String> = []

  /// Of who may not be named only the number is told.
  mutating func enter(_ person: Person, isNamed: Bool = true) {
    guard left.remove(person.id) == nil else { return }
    if entered.insert(person.id).inserted, isNamed, first.count < 3 { first.append(person) }
  }

  mutating func leave(_ user: String) {
    if entered.remove(user) == nil {
      left.insert(user)
    } else {
      first.removeAll { $0.id == user }
    }
  }

  mutating func take(names: [String: String]) {
    for index in first.indices { _ = first[index].take(names) }
  }

  var isEmpty: Bool { entered.isEmpty && left.isEmpty }

  var summary: AudienceNews {
    AudienceNews(entered: first.map(\.name), enteredCount: entered.count, left: left.count)
  }
}

extension ChatRoom {
  /// Somebody opened his first connection to the room.
  public mutating func entered(_ person: Person, at now: Instant) {
    passing.enter(person, isNamed: !rules.wordFilter.catches(person.name))
    passingPace.ask(at: now)
  }

  /// The last connection of a user is gone.
  public mutating func left(_ user: String, at now: Instant) {
    passing.leave(user)
    passingPace.ask(at: now)
  }

  mutating func tellPassing(at now: Instant) -> [ChatAction] {
    let isTime = passingPace.take(at: now, hasSpace: hasSpaceForNews(at: now), patience: limits.newsPatience)
    guard isTime, !passing.isEmpty else { return [] }
    let news = passing.summary
    passing = PassingNews()
    flow.record(at: now)
    return [.tell(.audience(news))]
  }
}
