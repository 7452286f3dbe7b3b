/// What was decided about people who have left the stage since, and holds again when they come back: who leaves undoes
/// nothing.
struct HeldRestraints: Sendable, Equatable {
  struct Entry: Sendable, Equatable, Codable {
    let user: String
    let restraints: Restraints
  }

  /// The oldest first.
  private(set) var entries: [Entry]
  /// More than any stage has in a show; beyond it the oldest are forgotten.
  private static let capacity = 256

  init(_ entries: [Entry] = []) { self.entries = entries.suffix(Self.capacity) }

  mutating func keep(_ seat: Seat) {
    entries.removeAll { $0.user == seat.user.id }
    var restraints = seat.restraints
    // He has asked for sound only this time; that is no decision about the next one.
    if seat.media == .audio { restraints.all.cameraOff = restraints.firm.cameraOff }
    guard restraints != Restraints() else { return }
    if entries.count >= Self.capacity { entries.removeFirst() }
    entries.append(Entry(user: seat.user.id, restraints: restraints))
  }

  /// They are those of a seat from now on.
  mutating func take(_ user: String) -> Restraints {
    guard let index = entries.firstIndex(where: { $0.user == user }) else { return Restraints() }
    return entries.remove(at: index).restraints
  }
}
