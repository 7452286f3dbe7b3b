import Foundation
import GRDB
import Testing

@testable import Signaling
@testable import SignalingServer

/// Mutes and bans are stored apart from what else a room remembers.
@Suite struct SanctionStoreTests {
  private static let bob = Person(id: "u_bob", name: "Bob")
  private static let ann = Person(id: "u_ann", name: "Ann")

  @Test("The mutes and bans of an older database are moved, and lists read rooms without them")
  func migration() async throws {
    let path = NSTemporaryDirectory() + "mixd-sanctions-" + RandomName.make()
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    let entry = ChatMemory.Entry(user: Self.bob, until: 1_900_000_000_123, reason: "“spam”", by: Self.ann)
    var sanctioned = RoomMemory(info: RoomInfo(title: "T", layout: "pip"))
    sanctioned.chat = ChatMemory(mutes: [entry], bans: [entry, entry])
    sanctioned.coolDowns = ["u_eve": 7]
    let plain = RoomMemory(info: RoomInfo(title: "U", layout: "pip"))
    // As a server has left it that stored mutes and bans in the memory of their room.
    let memories = try ["r_1": sanctioned, "r_2": plain].mapValues {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
    }
    try await makeOldDatabase(path, upTo: "places of sign-ins", "memory", ofRooms: memories)

    let store = try SQLiteStore(path: path)
    #expect(try await store.room("r_1")?.memory == sanctioned)
    #expect(try await store.room("r_2")?.memory == plain)
    let listed = try await store.rooms(RoomQuery(), before: nil, limit: 10)
    #expect(listed.count == 2 && listed.allSatisfy { $0.memory.sanctions.isEmpty })
    #expect(try await store.rooms(named: ["r_1"]).first?.memory.coolDowns == ["u_eve": 7])
    let texts = try await store.database.read { db in try String.fetchAll(db, sql: "SELECT memory FROM rooms") }
    #expect(texts.allSatisfy { !$0.contains("u_bob") })
    try await store.saveRoom("r_1", plain, host: Self.ann, expiry: 9)
    #expect(try await store.room("r_1")?.memory == plain)
  }

  @Test("A change of a room does not write its mutes and bans again, and one that could not be stored is stored later")
  func unchanged() async throws {
    try await RoomBench.run { bench in
      let id = try await bench.create("First")
      let room = try await bench.registry.room(id)
      _ = try await room.mute(Self.bob, SanctionTerms(), by: bench.ann)
      for event in ["INSERT", "UPDATE", "DELETE"] {
        try await bench.store.execute(
          "CREATE TRIGGER fault\(event) BEFORE \(event) ON sanctions BEGIN SELECT RAISE(ABORT, 'fault'); END")
      }
      try await bench.rename(room, "Second")
      #expect(try await bench.store.room(id)?.info.title == "Second")
      let eve = Person(id: "u_eve", name: "Eve")
      let refusal = await #expect(throws: APIError.self) { try await room.ban(eve, SanctionTerms(), by: bench.ann) }
      #expect(refusal?.code == "http.internal")
      let before = try #require(try await bench.store.room(id)?.memory.chat)
      #expect(before.mutes.map(\.user) == [Self.bob] && before.bans.isEmpty)
      for event in ["INSERT", "UPDATE", "DELETE"] { try await bench.store.execute("DROP TRIGGER fault\(event)") }
      try await bench.rename(room, "Third")
      let after = try #require(try await bench.store.room(id)?.memory.chat)
      #expect(after.mutes == before.mutes && after.bans.map(\.user) == [eve])
      try await room.unmute(Self.bob.id, by: bench.ann)
      try await room.unban(eve.id, by: bench.ann)
      #expect(try await bench.store.room(id)?.memory.sanctions.isEmpty == true)
    }
  }

  @Test("A room that is loaded again still knows its mutes and bans, whatever was changed of it meanwhile")
  func reload() async throws {
    try await RoomBench.run({ ($0.loadedRooms, $0.roomGrace) = (1, 0) }) { bench in
      let id = try await bench.create("First")
      let room = try await bench.registry.room(id)
      _ = try await room.mute(Self.bob, SanctionTerms(), by: bench.ann)
      for title in ["Second", "Third"] {
        _ = try await bench.create("Other")
        let again = try await bench.registry.room(id)
        #expect(await again.mutes.map(\.userId) == ["u_bob"])
        try await bench.rename(again, title)
      }
      #expect(try await bench.store.room(id)?.memory.chat.mutes.map(\.user) == [Self.bob])
    }
  }
}
