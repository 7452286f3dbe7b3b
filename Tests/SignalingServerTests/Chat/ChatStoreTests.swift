import Foundation
import Signaling
import Testing

@testable import SignalingServer

@Suite struct ChatStoreTests {
  @Test("Messages come back as they were, with the gifts of a combo at their last count")
  func roundTrip() async throws {
    try await withStore { store in
      let author = ChatMessage.Author(Person(id: "u", name: "Ann"), role: .cohost, isAdmin: true)
      let text = StoredMessage(id: "a", kind: .danmaku, author: author, text: "你好", gift: nil, sentAt: 5)
      let system = StoredMessage(id: "b", kind: .system, author: nil, text: "x", gift: nil, sentAt: 6)
      func gift(_ count: Int) -> StoredMessage {
        StoredMessage(
          id: "c", kind: .gift, author: author, text: "", gift: .init(gift: "rose", count: count), sentAt: 7)
      }
      try await store.write([.message(text, room: "r"), .message(system, room: "r"), .message(gift(1), room: "r")])
      try await store.write([.message(gift(9), room: "r"), .likes(3, room: "r"), .likes(7, room: "r")])
      #expect(try await store.chat(of: "r") == StoredChat(likes: 7, messages: [text, system, gift(9)]))
      let totals = GiftTotals(count: 9, value: 4_500)
      try await store.write([.gifts(GiftTotals(count: 1), room: "r"), .gifts(totals, room: "r")])
      let counted = try await store.chat(of: "r")
      #expect(counted.gifts == totals && counted.likes == 7)
      #expect(try await store.rooms(named: ["r"]).first?.gifts == totals)
      try await store.write([.erase(id: "a", room: "r"), .erase(id: "b", room: "other")])
      #expect(try await store.chat(of: "r").messages == [system, gift(9)])
      #expect(try await store.chat(of: "none") == StoredChat())
    }
  }

  @Test("The last 200 messages of each room are kept")
  func pruning() async throws {
    try await withStore { store in
      for batch in 0..<3 {
        let messages = (0..<90).map { number in
          StoredMessage(
            id: "\(batch)-\(number)", kind: .text, author: nil, text: "x", gift: nil, sentAt: Int64(number))
        }
        try await store.write(messages.map { .message($0, room: "r") })
      }
      let kept = try await store.chat(of: "r").messages
      #expect(kept.count == 200 && kept.first?.id == "0-70" && kept.last?.id == "2-89")
    }
  }

  private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "mixd-chat-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(path: folder + "/db")
    let host = Person(id: "u", name: "Ann")
    _ = try await store.addUser(StoredUser(person: host, kind: .guest))
    let memory = RoomMemory(info: RoomInfo(title: "T", layout: "pip"))
    let room = StoredRoom(
      id: "r", host: host, memory: memory, status: .waiting, video: VideoSettings(), createdAt: 7)
    _ = try await store.addRoom(room, expiry: 9)
    try await body(store)
  }
}
