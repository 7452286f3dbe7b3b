import MediaControl
import MixCore
import Testing

@testable import MediaWorker

@Suite struct LinkTableTests {
  private let layout = Layout.grid(GridOptions())

  private func rooms(_ names: String) -> [LinkedRoom] {
    names.map { LinkedRoom(room: RoomID(rawValue: "\($0)"), host: UserID(rawValue: "host-\($0)")) }
  }

  /// Rooms that changed, with those they are together with.
  private func text(_ changes: LinkTable.Changes) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: changes.map { room, group in
        (room.rawValue, (group?.rooms ?? []).map(\.room.rawValue).joined())
      })
  }

  @Test("A list is the whole truth: who is not named any more is alone")
  func wholeTruth() {
    var table = LinkTable()
    #expect(text(table.link(rooms("ab"), layout: layout)) == ["a": "ab", "b": "ab"])
    #expect(text(table.link(rooms("abc"), layout: layout)) == ["a": "abc", "b": "abc", "c": "abc"])
    #expect(text(table.link(rooms("abc"), layout: layout)).isEmpty)
    #expect(text(table.link(rooms("ad"), layout: layout)) == ["a": "ad", "d": "ad", "b": "", "c": ""])
    #expect(text(table.link(rooms("bc"), layout: layout)) == ["b": "bc", "c": "bc"])
    #expect(text(table.link(rooms("db"), layout: layout)) == ["d": "db", "b": "db", "a": "", "c": ""])
  }

  @Test("A room that goes leaves the others together while there are two of them")
  func leaving() {
    var table = LinkTable()
    _ = table.link(rooms("abcd"), layout: layout)
    #expect(text(table.unlink([RoomID(rawValue: "b")])) == ["b": "", "a": "acd", "c": "acd", "d": "acd"])
    #expect(text(table.unlink(rooms("ac").map(\.room))) == ["a": "", "c": "", "d": ""])
    #expect(text(table.unlink(rooms("abcdx").map(\.room))).isEmpty)
  }
}
