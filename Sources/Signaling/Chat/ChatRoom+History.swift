/// A deleted message that somebody may be reading on from, and the one that stood before it.
struct Deletion: Sendable, Equatable {
  let id: String
  let previous: String?
}

extension ChatRoom {
  /// What newcomers are shown, and what lies before a message: at most `limit`, oldest first. Nothing lies before a
  /// message that was forgotten.
  public func history(before id: String?, limit: Int) -> ArraySlice<ChatMessage> {
    guard let id else { return history.suffix(limit) }
    return history[..<place(of: id)].suffix(limit)
  }

  public func message(_ id: String) -> ChatMessage? { history.first { $0.id == id } }

  public mutating func delete(_ id: String) throws(SignalingError) -> [ChatAction] {
    guard let index = history.firstIndex(where: { $0.id == id }) else { throw .chatUnknown }
    if deletions.count == limits.history { deletions.removeFirst() }
    deletions.append(Deletion(id: id, previous: index > 0 ? history[index - 1].id : nil))
    history.remove(at: index)
    batch.remove(id)
    giftQueue.remove(id)
    combos.remove(id)
    return [.erase(id: id), .tell(.deleted(id: id))]
  }

  /// Where a message stands in the history, or stood before it was deleted.
  private func place(of id: String) -> Int {
    if let index = history.firstIndex(where: { $0.id == id }) { return index }
    // What stood before a deleted message can only have been deleted later.
    var nearest: String? = id
    for deletion in deletions where deletion.id == nearest { nearest = deletion.previous }
    return history.firstIndex { $0.id == nearest }.map { $0 + 1 } ?? 0
  }
}
