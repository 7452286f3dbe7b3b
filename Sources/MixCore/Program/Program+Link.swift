/// A programme together with those of other rooms: every host has a place of his own, whether he sends or not, so that
/// nobody's loss moves the others.
public struct LinkedScene: Sendable, Equatable {
  public var layout: Layout
  /// Own host first.
  public var seats: [SourceID]

  public init(layout: Layout, seats: [SourceID]) {
    self.layout = layout
    self.seats = seats
  }

  func scene(canvas: PixelSize, others: [LayoutParticipant]) -> Scene {
    let hosts = seats.enumerated().map { LayoutParticipant(id: $1, isHost: $0 == 0, hasVideo: true) }
    let further = others.filter { !seats.contains($0.id) }
    return layout.scene(canvas: canvas, participants: hosts + further)
  }
}

extension Program {
  /// Takes in the host of another room: his pictures and sound are kept ready, and are part of the programme only while
  /// it is linked with him.
  /// - Returns: `false` when the stage is full or somebody of that name is there already.
  public mutating func addGuest(_ id: SourceID, playout: consuming AudioPlayout?) -> Bool {
    guard index(of: id) == nil, members.count < ProgramConfiguration.maximumParticipants else { return false }
    members.append(ProgramMember(id: id, isHost: false, isGuest: true, playout: playout))
    return true
  }

  /// From the next tick on the programme shows and mixes these hosts, or, without any, its own people again in their own
  /// layout. It is a cut: everybody sees both sides change at once. Guests without a seat are forgotten.
  public mutating func setLink(_ linked: LinkedScene?, at now: MediaTime) {
    linkedScene = linked
    let seats = linked?.seats ?? []
    members.removeAll { $0.isGuest && !seats.contains($0.id) }
    for member in members { member.isOnStage = true }
    motion.cut(to: scene(linked: linked))
  }
}

extension LayoutParticipant {
  init(_ member: ProgramMember) {
    self.init(id: member.id, isHost: member.isHost, hasVideo: member.lastPicture != nil)
  }
}
