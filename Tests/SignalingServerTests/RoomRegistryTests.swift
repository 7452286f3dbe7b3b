import Foundation
import Signaling
import Testing

@testable import SignalingServer

/// There is one live room of a room, and one that is over stays over.
@Suite struct RoomRegistryTests {
  @Test("However many ask for a room that is not loaded, all get the same one")
  func singleLoad() async throws {
    try await RoomBench.run({ ($0.loadedRooms, $0.roomGrace) = (2, 0) }) { bench in
      let first = try await bench.create("First")
      for title in ["Second", "Third"] { _ = try await bench.create(title) }
      #expect(await bench.registry.loadedRoom(first) == nil)
      let tasks = (0..<50).map { _ in Task { ObjectIdentifier(try await bench.registry.room(first)) } }
      var found: Set<ObjectIdentifier> = []
      for task in tasks { found.insert(try await task.value) }
      #expect(found.count == 1)
    }
  }

  @Test("Who still holds a room that has made way is refused, and overwrites nothing of its successor")
  func retirement() async throws {
    try await RoomBench.run({ ($0.loadedRooms, $0.roomGrace) = (1, 0) }) { bench in
      let id = try await bench.create("First")
      let old = try await bench.registry.room(id)
      _ = try await bench.create("Other")
      let refusal = await #expect(throws: APIError.self) { try await bench.rename(old, "Stale") }
      #expect(refusal?.code == "room.unavailable")
      let new = try await bench.registry.room(id)
      #expect(new !== old)
      try await bench.rename(new, "New")
      try await old.persist()
      #expect(try await bench.store.room(id)?.info.title == "New")
    }
  }

  @Test("A room that somebody was shown a moment ago does not make way")
  func grace() async throws {
    try await RoomBench.run({ $0.loadedRooms = 1 }) { bench in
      let id = try await bench.create("First")
      let room = try await bench.registry.room(id)
      let refusal = await #expect(throws: APIError.self) { try await bench.create("Other") }
      #expect(refusal?.code == "room.limit")
      try await bench.rename(room, "Still here")
    }
  }

  @Test("A room that was only looked at makes way without being written")
  func unwritten() async throws {
    try await RoomBench.run({ ($0.loadedRooms, $0.roomGrace) = (1, 0) }) { bench in
      let id = try await bench.create("First")
      bench.faults.fail(true)
      _ = try await bench.create("Second")
      #expect(await bench.registry.loadedRoom(id) == nil)
      _ = try await bench.registry.room(id)
    }
  }

  @Test("A room that was over before it was banned stays over when the ban is lifted, also one still loaded")
  func banOfEnded() async throws {
    let boss = Person(id: "u_boss", name: "Boss", isOperator: true)
    try await RoomBench.run({ $0.room.unused = 0.05 }) { bench in
      #expect(try await bench.store.addUser(StoredUser(person: boss, kind: .guest)))
      let id = try await bench.create("Show")
      try await eventually { await bench.registry.loadedRoom(id)?.room.status == .ended }
      try await bench.registry.ban(id, reason: "Rules", by: boss)
      #expect(try await bench.store.roomBan(id)?.wasOpen == false)
      try await bench.registry.liftBan(of: id, by: boss)
      #expect(try await bench.store.room(id)?.status == .ended)
    }
  }

  @Test("A ban goes by what the room is when it is closed, not by what the store knew before")
  func banOfUnstoredEnd() async throws {
    let boss = Person(id: "u_boss", name: "Boss", isOperator: true)
    try await RoomBench.run { bench in
      #expect(try await bench.store.addUser(StoredUser(person: boss, kind: .guest)))
      let (over, open) = (try await bench.create("Over"), try await bench.create("Open"))
      bench.faults.fail(true)
      await #expect(throws: APIError.self) { try await bench.registry.end(over, by: bench.ann) }
      bench.faults.fail(false)
      for id in [over, open] { try await bench.registry.ban(id, reason: "Rules", by: boss) }
      #expect(try await bench.store.roomBan(over)?.wasOpen == false)
      #expect(try await bench.store.roomBan(open)?.wasOpen == true)
    }
  }

  @Test("A room whose end could not be stored is kept until it is, and does not come back")
  func failedEnd() async throws {
    try await RoomBench.run { bench in
      let id = try await bench.create("Show")
      bench.faults.fail(true)
      await #expect(throws: APIError.self) { try await bench.registry.end(id, by: bench.ann) }
      await bench.registry.tidy()
      #expect(try await bench.store.room(id)?.status == .waiting)
      #expect(await bench.registry.loadedRoom(id)?.room.status == .ended)
      bench.faults.fail(false)
      await bench.registry.tidy()
      #expect(await bench.registry.loadedRoom(id) == nil)
      #expect(try await bench.store.room(id)?.status == .ended)
      let over = await #expect(throws: APIError.self) { try await bench.registry.room(id) }
      #expect(over?.code == "room.ended")
    }
  }

  @Test("A room whose time is over is looked at anew: whoever has changed it meanwhile keeps it")
  func expiry() async throws {
    try await RoomBench.run({ ($0.loadedRooms, $0.roomGrace) = (2, 0) }) { bench in
      let (used, unused) = (try await bench.create("Used"), try await bench.create("Unused"))
      _ = try await bench.create("Third")
      try await bench.store.postponeRooms([used, unused], until: 1)
      let now = ServerClock.wallMilliseconds()
      let room = try await bench.registry.room(used)
      #expect(await room.stored.expiry == 1)
      try await bench.rename(room, "Somebody is here")
      try await room.expire(at: now)
      #expect(await room.room.status == .waiting)
      let other = try await bench.registry.room(unused)
      try await other.expire(at: now)
      #expect(await other.room.endReason == .abandoned)
      // Stored and read again since it was found to be over: its time is a new one.
      let again = try await bench.registry.room(used)
      #expect(again !== room)
      try await again.expire(at: now)
      #expect(await again.room.status == .waiting)
    }
  }
}
