extension Room {
  /// What follows from a gift or a like of `person`: points for a battle come from the audience, not from the show.
  public func counted(_ actions: [RoomAction], by person: Person) -> [RoomAction] {
    if role(of: person.id) == .viewer { return actions }
    return actions.filter { if case .chat(.score) = $0 { false } else { true } }
  }
}
