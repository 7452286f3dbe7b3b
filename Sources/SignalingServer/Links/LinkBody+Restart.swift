import Signaling

extension LinkBody {
  /// A link that a restart has ended.
  init(endedByRestart link: LinkMemory) {
    id = link.id
    state = .ended
    requestedBy = link.requestedBy
    rooms = link.rooms.map { LinkedRoomBody($0, score: link.battle?.scores[$0.id] ?? 0) }
    battle = link.battle.map(BattleBody.init(cutOff:))
    battleRequest = nil
    battleDuration = nil
  }
}

extension LinkBody.LinkedRoomBody {
  fileprivate init(_ room: LinkRoom, score: Int) {
    id = room.id
    title = room.title
    hostId = room.host.id
    hostName = room.host.name
    self.score = score
    joined = true
    away = false
    expiresIn = nil
  }
}

extension BattleBody {
  /// Nobody has won it.
  fileprivate init(cutOff battle: LinkMemory.BattleMemory) {
    state = "over"
    endsIn = 0
    duration = battle.duration
    scores = battle.scores
    winner = nil
  }
}
