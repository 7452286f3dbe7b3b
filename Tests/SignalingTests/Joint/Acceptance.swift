import Signaling

/// A host agrees to a link (`LinkService.accept`): between his word and the link the rooms close their stages.
struct Acceptance {
  enum Phase {
    case own
    case members
    case look(Int)
    case rehearse
    /// From here on it is what the links carry out: all else there waits.
    case next(Int)
    case close(Int)
    case change
    case reopen
    case open(String)
  }

  let link: String
  let room: String
  let person: Person
  var phase = Phase.own
  var members: [String] = []
  var parties: [LinkParty] = []
  var closed: [String] = []

  init(_ link: String, as room: String, by person: Person) {
    self.link = link
    self.room = room
    self.person = person
  }
}

extension JointModel {
  /// As in `LinkService` stages are closed and opened in the queue of the links, so that nothing else opens and closes them
  /// meanwhile; and who left the link meanwhile opens his, also if others are linked.
  func run(_ acceptance: Acceptance) -> Acceptance? {
    var rest = acceptance
    guard let next = advance(&rest) else { return nil }
    rest.phase = next
    return rest
  }

  private func advance(_ call: inout Acceptance) -> Acceptance.Phase? {
    switch call.phase {
    case .own, .members, .look: return look(&call)
    case .rehearse:
      var copy = links.book
      if (try? accept(call, in: &copy)) != nil { links.work.append(.join(call)) }
      return nil
    case .next(let index):
      guard index < call.parties.count else { return .change }
      return links.book.activeLink(of: call.parties[index].room.id) == nil ? .close(index) : .next(index + 1)
    case .close(let index): return closeStage(index, for: &call)
    case .change:
      do throws(SignalingError) {
        try change { [call] book, _ throws(SignalingError) in try self.accept(call, in: &book) }
      } catch {
        counts.failures += 1
      }
      return .reopen
    case .reopen, .open: return reopen(&call)
    }
  }

  private func look(_ call: inout Acceptance) -> Acceptance.Phase? {
    switch call.phase {
    case .own:
      guard let place = places[call.room] else { return nil }
      call.parties = [rooms[place].linkParty]
      return .members
    case .look(let index):
      guard index < call.members.count else { return .rehearse }
      if let place = places[call.members[index]] { call.parties.append(rooms[place].linkParty) }
      return .look(index + 1)
    default:
      let room = call.room
      call.members = (links.book.open[call.link]?.members ?? []).map { $0.room.id }.filter { $0 != room }
      return .look(0)
    }
  }

  private func accept(_ call: Acceptance, in book: inout LinkBook) throws(SignalingError) -> [LinkAction] {
    try book.accept(call.link, as: call.parties[0], members: call.parties, by: call.person, at: now)
  }

  /// `LiveRoom.closeStage`
  private func closeStage(_ index: Int, for call: inout Acceptance) -> Acceptance.Phase {
    let room = call.parties[index].room.id
    guard let place = places[room] else { return .reopen }
    let party = rooms[place].linkParty
    guard party.isLive, !party.isStageOccupied else { return .reopen }
    setLink(call.link, of: room)
    call.closed.append(room)
    return .next(index + 1)
  }

  /// Whoever is not linked in the end.
  private func reopen(_ call: inout Acceptance) -> Acceptance.Phase? {
    if case .open(let room) = call.phase {
      counts.reopened += 1
      setLink(nil, of: room)
    }
    guard !call.closed.isEmpty else {
      links.isHeld = false
      return nil
    }
    let room = call.closed.removeFirst()
    return links.book.activeLink(of: room) == nil ? .open(room) : .reopen
  }
}
