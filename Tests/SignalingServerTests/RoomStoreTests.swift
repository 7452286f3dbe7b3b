import Foundation
import GRDB
import Signaling
import Testing

@testable import SignalingServer

@Suite struct RoomStoreTests {
  @Test("Acknowledged changes are synced, and only the owner reads the file")
  func durability() async throws {
    try await withStore { store, path in
      let mode = try await store.database.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
      let journal = try await store.database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
      #expect(mode == 2 && journal == "wal")
      let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(permissions == 0o600)
    }
  }

  @Test("An ended room stays ended and keeps no stream keys")
  func end() async throws {
    try await withStore { store, _ in
      let host = Person(id: "u", name: "Ann")
      #expect(try await store.addUser(StoredUser(person: host, kind: .guest)))
      let memory = RoomMemory(info: RoomInfo(title: "T", layout: "pip"))
      let room = StoredRoom(
        id: "r", host: host, memory: memory, status: .waiting, video: VideoSettings(), createdAt: 7)
      let stored = try #require(try await store.addRoom(room, expiry: 9))
      #expect(stored.sequence > 0)
      #expect(try await store.room("r") == stored)
      try await store.addOutput(StoredOutput(id: "o", room: "r", url: "rtmp://h/a/key"))
      let end = RoomMemory(info: memory.info, status: .ended)
      try await store.saveRoom("r", end, host: host, expiry: 10)
      let late = RoomMemory(info: RoomInfo(title: "X", layout: "grid"), status: .live)
      await #expect(throws: RoomIsOver.self) { try await store.saveRoom("r", late, host: host, expiry: 10) }
      let over = try await store.room("r")
      #expect(over?.status == .ended && over?.info.title == "T")
      #expect(try await store.outputs(of: "r").isEmpty)
      #expect(try await store.countRooms() == [.ended: 1])
    }
  }

  @Test("Rooms of an older database are found by their titles and whole ids, and by parts of ids no longer")
  func searchOfOlderRooms() async throws {
    let path = NSTemporaryDirectory() + "mixd-search-" + RandomName.make()
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    // As a server has left it that searched ids like titles.
    try await makeOldDatabase(
      path, upTo: "preceding refresh tokens", "search",
      ofRooms: ["r_Oldest": "evening\nr_oldest", "r_Older": "\nmorning\n\nann\n\nr_older\n\njazz\n"])
    let store = try SQLiteStore(path: path)
    let found: [String: [String]] = [
      "evening": ["r_Oldest"], "r_oldest": ["r_Oldest"], "morning": ["r_Older"], "ann": ["r_Older"],
      "jazz": ["r_Older"], "r_OLDER": ["r_Older"], "old": [], "r_": [], "r_old": [], "oldest": [],
    ]
    for (text, rooms) in found {
      var query = RoomQuery()
      query.text = text
      let names = try await store.roomNames(query)
      #expect(names == rooms, "\(text)")
    }
  }

  private func withStore(_ body: (SQLiteStore, String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "mixd-store-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(try SQLiteStore(path: folder + "/db"), folder + "/db")
  }
}
