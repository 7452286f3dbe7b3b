import Signaling

/// The list of rooms.
extension RoomRegistry {
  func newest(_ query: RoomQuery, before cursor: Int64?, limit: Int) async throws(APIError) -> RoomListBody {
    let rows = try await store { try await $0.rooms(query, before: cursor, limit: limit + 1) }
    let last = rows.prefix(limit).last.map { String($0.sequence) }
    return RoomListBody(rooms: await bodies(rows.prefix(limit)), next: rows.count > limit ? last : nil)
  }

  /// Those with most viewers and likes first.
  func hottest(
    _ query: RoomQuery, from cursor: RoomRankings.Cursor?, limit: Int
  ) async throws(APIError) -> RoomListBody {
    let ranking = try await ranking(for: cursor, ofEnded: query.statuses.contains(.ended))
    let matching = Set(try await store { try await $0.roomNames(query) })
    var offset = cursor?.offset ?? 0
    var names: [String] = []
    while offset < ranking.rooms.count, names.count < limit {
      if matching.contains(ranking.rooms[offset]) { names.append(ranking.rooms[offset]) }
      offset += 1
    }
    let hasMore = ranking.rooms.dropFirst(offset).contains(where: matching.contains)
    let wanted = names
    let rows = try await store { try await $0.rooms(named: wanted) }
    let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    return RoomListBody(
      rooms: await bodies(names.compactMap { byName[$0] }),
      next: hasMore ? RoomRankings.Cursor(ranking: ranking.number, offset: offset).text : nil)
  }

  private func ranking(
    for cursor: RoomRankings.Cursor?, ofEnded isOfEnded: Bool
  ) async throws(APIError) -> RoomRankings.Ranking {
    if let cursor {
      guard let ranking = rankings[cursor.ranking], ranking.isOfEnded == isOfEnded else { throw .roomCursor }
      return ranking
    }
    let shared = isOfEnded ? rankingOfEnded : rankingOfOthers
    return try await shared.value { try await self.rank(ofEnded: isOfEnded) }
  }

  /// Looks at every room.
  private func rank(ofEnded isOfEnded: Bool) async throws(APIError) -> RoomRankings.Ranking {
    var query = RoomQuery()
    if isOfEnded { query.statuses = [.ended] }
    let wanted = query
    let rooms = try await store { try await $0.roomLikes(wanted) }
    var scores: [String: Double] = [:]
    for (id, likes) in rooms { scores[id] = LiveRoom.attraction(viewers: 0, likes: likes) }
    // Those in use have an audience, and likes that the store has not heard of.
    for (id, room) in loaded { scores[id] = await room.attraction }
    // Stable: rooms that attract equally many stay the newest first.
    let ranked = rooms.enumerated().sorted { left, right in
      let (first, second) = (scores[left.element.id] ?? 0, scores[right.element.id] ?? 0)
      return first == second ? left.offset < right.offset : first > second
    }
    return rankings.add(ranked.map { $0.element.id }, ofEnded: isOfEnded, at: environment.clock.now())
  }

  private func bodies(_ rows: some Collection<StoredRoom> & Sendable) async -> [RoomBody] {
    var bodies: [RoomBody] = []
    for row in rows {
      if let room = loaded[row.id] { bodies.append(await room.body) } else { bodies.append(RoomBody(row)) }
    }
    return bodies
  }
}

extension LiveRoom {
  /// What the order of the hottest rooms goes by.
  var attraction: Double { Self.attraction(viewers: room.viewers, likes: room.chat.likes) }

  static func attraction(viewers: Int, likes: Int) -> Double { Double(viewers) + Double(likes) / 10 }
}
