import MediaControl
import MixCore
import Synchronization

/// Linking rooms. The lock is held until all loops have their message, so that all of them see all changes in one order;
/// no loop ever takes it.
extension MediaWorker {
  /// From a change to the instant of the switch: every loop has read its message by then, and pictures are coming.
  private static let linkLead = MediaTime.milliseconds(150)

  func linkRooms(_ linked: [LinkedRoom], layout request: LayoutRequest) -> Result<MediaReply, MediaError> {
    let layout: Layout
    do throws(MediaError) {
      layout = try Layout(request)
    } catch {
      return .failure(error)
    }
    let isSensible =
      (2...LinkedRoom.maximum).contains(linked.count) && Set(linked.map(\.room)).count == linked.count
      && Set(linked.map(\.host)).count == linked.count
    guard isSensible else {
      return .failure(
        MediaError(code: "media.link-invalid", message: "Two to four rooms of different hosts can be linked."))
    }
    return links.withLock { table in
      guard linked.allSatisfy({ loop(of: $0.room) != nil }) else { return .failure(.unknownRoom) }
      tell(table.link(linked, layout: layout))
      return .success(.done)
    }
  }

  func unlinkRooms(_ rooms: [RoomID]) -> Result<MediaReply, MediaError> {
    links.withLock { tell($0.unlink(rooms)) }
    return .success(.done)
  }

  /// The room is about to close; those that were linked with it go on without it.
  func forget(_ room: RoomID, in table: inout LinkTable) { tell(table.unlink([room])) }

  private func tell(_ changes: LinkTable.Changes) {
    let instant = MonotonicClock.now() + Self.linkLead
    for (room, group) in changes {
      loop(of: room)?.mailbox.send(.link(LinkChange(instant: instant, group: group)))
    }
  }

  private func loop(of room: RoomID) -> RoomLoop? { rooms.withLock { $0[room] } }
}
