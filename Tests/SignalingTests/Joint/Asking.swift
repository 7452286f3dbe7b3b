import Signaling

/// A host asks another one (`LinkEndpoints.request` and `invite`): he looks at his room and at the other one first.
struct Asking {
  let room: String
  let target: String
  let person: Person
  /// The link to ask into; a new one begins without.
  let link: String?
  let battle: Double?
  var own: LinkParty?
  var other: LinkParty?
}

extension JointModel {
  func run(_ asking: Asking) -> Asking? {
    var rest = asking
    guard let own = asking.own else {
      guard let place = places[asking.room] else { return nil }
      rest.own = rooms[place].linkParty
      return rest
    }
    guard let other = asking.other else {
      guard let place = places[asking.target] else { return nil }
      guard (try? rooms[place].model.room.requireEntry(asking.person, at: now)) != nil else { return nil }
      rest.other = rooms[place].linkParty
      return rest
    }
    ask(other, from: own, asking)
    return nil
  }

  private func ask(_ other: LinkParty, from own: LinkParty, _ asking: Asking) {
    let id = asking.link ?? newName("l")
    let isBusy = isBusy(own.room.id, for: asking) || links.book.link(of: other.room.id) != nil
    let isReady = other.isReady && (own.isReady || asking.link != nil)
    do throws(SignalingError) {
      try change { book, now throws(SignalingError) in
        if asking.link != nil {
          try book.invite(other, into: id, from: own.room, by: asking.person, at: now)
        } else {
          try book.request(id: id, from: own, to: other, battle: asking.battle, by: asking.person, at: now)
        }
      }
      require(!isBusy, "\(other.room.id) was asked, but is busy")
      require(isReady, "\(other.room.id) was asked, but one of both cannot be linked")
    } catch {
      require(error != .linkBusy || isBusy, "\(own.room.id) or \(other.room.id) is busy without a link")
    }
  }

  /// Who is asked himself may ask somebody else.
  private func isBusy(_ room: String, for asking: Asking) -> Bool {
    asking.link == nil && links.book.link(of: room)?.isMember(room) == true
  }
}

extension LinkParty {
  fileprivate var isReady: Bool { isLive && !isStageOccupied }
}
