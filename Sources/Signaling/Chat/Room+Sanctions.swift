/// The mutes and bans of a room. They may be thousands and change seldom, so they are stored apart from what else it
/// remembers. Comparing them is cheap as long as nothing has changed.
public struct RoomSanctions: Sendable, Equatable {
  let mutes: SanctionList
  let bans: SanctionList
}

extension Room {
  public var sanctions: RoomSanctions { RoomSanctions(mutes: chat.mutes, bans: chat.bans) }

  /// As if nobody were muted or banned.
  public func memoryWithoutSanctions(_ clock: WallClock) -> RoomMemory {
    var bare = self
    (bare.chat.mutes, bare.chat.bans) = (SanctionList(), SanctionList())
    return bare.memory(clock)
  }
}

extension RoomMemory {
  /// Mutes and bans.
  public struct Sanctions: Sendable, Equatable, Codable {
    let mutes: [ChatMemory.Entry]
    let bans: [ChatMemory.Entry]

    public var isEmpty: Bool { mutes.isEmpty && bans.isEmpty }

    init(mutes: [ChatMemory.Entry], bans: [ChatMemory.Entry]) {
      self.mutes = mutes
      self.bans = bans
    }

    /// None.
    public init() { self.init(mutes: [], bans: []) }
  }

  public var sanctions: Sanctions {
    get { Sanctions(mutes: chat.mutes, bans: chat.bans) }
    set { (chat.mutes, chat.bans) = (newValue.mutes, newValue.bans) }
  }
}
