/// What happened to a link, as the clients of its rooms are told.
public enum LinkEvent: Sendable, Equatable {
  /// For a host who is asked, with the seconds he has.
  case requested(Link, timeout: Double)
  /// The answer is the one that has changed it, if one has.
  case updated(Link, LinkAnswer? = nil)
  /// For a host who is asked for a battle, with the seconds he has.
  case battleRequested(Link, timeout: Double)
  case battleAnswered(Link, BattleAnswer)
  /// At most once a second while a battle runs.
  case battleScore(Link)
  case battleOver(Link)
}

/// What the owner of a `LinkBook` has to do after an operation, in order.
public enum LinkAction: Sendable, Equatable {
  public enum Listeners: Sendable, Equatable { case host, everyone }

  case tell(room: String, Listeners, LinkEvent)
  /// These rooms show each other's hosts from now on, and nobody else's.
  case joined([LinkRoom])
  /// These rooms stand alone again.
  case parted([String])
}
