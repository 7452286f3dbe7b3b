import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import SignalingServer

/// From the journal to a real HTTP server, with the store on disk.
@Suite struct WebhookDispatcherTests {
  struct Bench: Sendable {
    let store: SQLiteStore
    let journal: WebhookJournal
    let webhooks: WebhookRegistry
    let metrics: ServerMetrics

    func record(_ type: WebhookEventType, _ room: String = "r1") async throws {
      try await journal.record([WebhookEvent(type, room: .init(id: room, title: "Show"))])
    }

    func deliveries(_ webhook: Webhook, _ state: WebhookDelivery.State? = nil) async throws -> [WebhookDelivery] {
      try await store.deliveries(of: webhook.id, state, before: nil, limit: 10_000)
    }
  }

  private static var limits: WebhookLimits {
    var limits = WebhookLimits()
    limits.retry.pauses = [20, 40, 60]
    limits.timeout = 10
    limits.drain = 1
    return limits
  }

  private func run(
    path: String? = nil, limits: WebhookLimits = limits, _ body: @escaping @Sendable (Bench) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "mixd-webhooks-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(path: path ?? folder + "/db")
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (journal, metrics) = (WebhookJournal(store: store), ServerMetrics())
    let webhooks = WebhookRegistry(
      store: store, journal: journal, limits: limits, allowsPrivate: true, metrics: metrics, logger: logger)
    try await webhooks.load()
    let group = ServiceGroup(configuration: .init(services: [webhooks.dispatcher], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await body(Bench(store: store, journal: journal, webhooks: webhooks, metrics: metrics))
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test("500, 500, then 200: each event is accepted exactly once and in order")
  func retries() async throws {
    try await run { bench in
      try await WebhookReceiver.run({ number, _ in .answer(number < 2 ? 500 : 200) }) { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url, events: ["room.*"]))
        for type in [WebhookEventType.roomLive, .chatMuted, .roomUpdated, .roomEnded] { try await bench.record(type) }
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 3 }
        #expect(receiver.received.map(\.type) == ["room.live", "room.live", "room.live", "room.updated", "room.ended"])
        #expect(Set(receiver.received.prefix(3).map(\.event)).count == 1)
        #expect(Set(receiver.received.map(\.event)).count == 3)
        let log = try await bench.deliveries(webhook)
        #expect(log.map(\.attempts) == [1, 1, 3] && log.allSatisfy { $0.status == 200 && $0.finishedAt != nil })
        #expect(bench.metrics.read().webhooks == ["delivered": 3, "retried": 2])
      }
    }
  }

  @Test("Hanging, closing and redirecting receivers do not hold up another webhook")
  func isolation() async throws {
    try await run { bench in
      try await WebhookReceiver.run({ _, _ in .say("") }) { hanging in
        try await WebhookReceiver.run({ _, _ in .close }) { closing in
          try await WebhookReceiver.run { good in
            let slow = try await bench.webhooks.create(.init(url: hanging.url))
            let broken = try await bench.webhooks.create(.init(url: closing.url))
            let fine = try await bench.webhooks.create(.init(url: good.url))
            for number in 0..<20 { try await bench.record(.roomWarned, "r\(number % 10)") }
            try await eventually { try await bench.deliveries(fine, .delivered).count == 20 }
            #expect(Set(good.received.map(\.event)).count == 20)
            #expect(try await bench.deliveries(slow, .delivered).isEmpty)
            #expect(try await bench.deliveries(broken, .pending).count == 20)
          }
        }
      }
    }
  }

  @Test("After a restart the rest is delivered, in order, and nothing that was taken comes again")
  func restart() async throws {
    let path = NSTemporaryDirectory() + "mixd-webhooks-" + RandomName.make()
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    try await WebhookReceiver.run({ number, _ in number == 0 ? .answer(204) : .answer(number < 6 ? 503 : 204) }) {
      receiver in
      try await run(path: path) { bench in
        _ = try await bench.webhooks.create(.init(url: receiver.url))
        for type in [WebhookEventType.roomCreated, .roomLive, .roomEnded] { try await bench.record(type) }
        try await eventually { receiver.received.count >= 3 }
      }
      try await run(path: path) { bench in
        let webhook = try #require(try await bench.store.webhooks().first)
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 3 }
        #expect(bench.journal.isWanted)
      }
      let taken = receiver.received.enumerated().filter { $0.offset == 0 || $0.offset >= 6 }.map(\.element.type)
      #expect(taken == ["room.created", "room.live", "room.ended"])
    }
  }

  @Test("410 switches the webhook off for good, and what waited is dropped")
  func gone() async throws {
    try await run { bench in
      try await WebhookReceiver.run({ _, _ in .answer(410) }) { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url))
        let room = WebhookEvent.RoomName(id: "r1", title: "Show")
        try await bench.journal.record((0..<5).map { _ in WebhookEvent(.roomWarned, room: room) })
        try await eventually { try await bench.store.webhook(webhook.id)?.isEnabled == false }
        try await eventually { try await bench.deliveries(webhook, .pending).isEmpty }
        #expect(try await bench.deliveries(webhook, .failed).map(\.status) == [410])
        #expect(try await bench.deliveries(webhook, .dropped).count == 4)
        #expect(try await bench.store.webhook(webhook.id)?.reason?.hasPrefix("webhook.gone") == true)
        #expect(!bench.journal.isWanted && receiver.received.count == 1)
        await #expect(throws: APIError.webhookDisabled) { try await bench.webhooks.test(webhook.id) }
      }
    }
  }

  @Test("An event can be sent again, with its own id and a new delivery; a test event goes to whoever asks")
  func again() async throws {
    try await run { bench in
      try await WebhookReceiver.run { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url, events: ["room.live"]))
        try await bench.record(.roomLive)
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 1 }
        let first = try #require(try await bench.deliveries(webhook).first)
        let second = try await bench.webhooks.redeliver(first.id, of: webhook.id)
        _ = try await bench.webhooks.test(webhook.id)
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 3 }
        let got = receiver.received
        #expect(got.map(\.type).sorted() == ["room.live", "room.live", "webhook.test"])
        #expect(got.filter { $0.event == first.event }.map { $0.headers["mixd-delivery"] } == [first.id, second.id])
        #expect(first.id != second.id)
        await #expect(throws: APIError.webhookDeliveryUnknown) {
          try await bench.webhooks.redeliver("del_none", of: webhook.id)
        }
      }
    }
  }

  @Test("A webhook for some rooms hears of no others, and nothing is written without a webhook")
  func filters() async throws {
    try await run { bench in
      try await bench.record(.roomLive, "r1")
      try await WebhookReceiver.run { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url, rooms: ["r2"]))
        try await bench.record(.roomLive, "r1")
        try await bench.record(.roomLive, "r2")
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 1 }
        #expect(try await bench.deliveries(webhook).map(\.room) == ["r2"])
        try await bench.webhooks.remove(webhook.id)
        #expect(!bench.journal.isWanted)
        #expect(try await bench.deliveries(webhook).isEmpty)
      }
    }
  }

  @Test("Too many waiting events push out the oldest of their own room, and the webhook says how many")
  func overflow() async throws {
    var limits = Self.limits
    (limits.queue, limits.log) = (10, 15)
    try await run(limits: limits) { bench in
      try await WebhookReceiver.run({ _, _ in .answer(500) }) { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url))
        try await bench.record(.roomCreated, "quiet")
        for _ in 0..<29 { try await bench.record(.roomWarned) }
        try await eventually { try await bench.store.webhook(webhook.id)?.dropped == 20 }
        let waiting = try await bench.deliveries(webhook, .pending)
        #expect(waiting.count == 10 && waiting.first?.sequence == 30)
        #expect(waiting.last?.type == "room.created" && waiting.last?.room == "quiet")
        #expect(try await bench.deliveries(webhook, .dropped).count == 15)
        _ = try await bench.webhooks.update(webhook.id, .init(isEnabled: false))
        #expect(try await bench.deliveries(webhook).count == 15)
      }
    }
  }

  @Test("Changes of a room do not pile up: those that were not tried give way to the newest and leave nothing behind")
  func manyUpdates() async throws {
    try await run { bench in
      try await WebhookReceiver.run({ number, _ in .answer(number < 8 ? 500 : 200) }) { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url))
        let room = WebhookEvent.RoomName(id: "r1", title: "Show")
        let types: [WebhookEventType] = [.roomLive] + Array(repeating: .roomUpdated, count: 50) + [.roomEnded]
        try await bench.journal.record(types.map { WebhookEvent($0, room: room) })
        try await eventually { try await bench.deliveries(webhook, .delivered).count == 3 }
        #expect(try await bench.deliveries(webhook).map(\.type) == ["room.ended", "room.updated", "room.live"])
        #expect(try await bench.deliveries(webhook).map(\.sequence) == [52, 51, 1])
        #expect(bench.metrics.read().webhooks["replaced"] == 49)
        #expect(try await bench.store.webhook(webhook.id)?.dropped == 0)
      }
    }
  }

  @Test("A store that fails loses no events, neither of the webhook it fails for nor of others")
  func failingStore() async throws {
    var limits = Self.limits
    limits.queue = 2
    try await run(limits: limits) { bench in
      try await WebhookReceiver.run({ _, _ in .answer(500) }) { broken in
        try await WebhookReceiver.run { healthy in
          let full = try await bench.webhooks.create(.init(url: broken.url, events: ["room.warned"]))
          let other = try await bench.webhooks.create(.init(url: healthy.url, events: ["room.live"]))
          try await bench.store.execute(
            "CREATE TRIGGER fault BEFORE UPDATE OF dropped ON webhooks BEGIN SELECT RAISE(ABORT, 'fault'); END")
          let room = WebhookEvent.RoomName(id: "r1", title: "Show")
          let types = Array(repeating: WebhookEventType.roomWarned, count: 5) + [.roomLive]
          try await bench.journal.record(types.map { WebhookEvent($0, room: room) })
          try await eventually { try await bench.deliveries(other, .delivered).count == 1 }
          #expect(try await bench.deliveries(full, .dropped).isEmpty)
          try await bench.store.execute("DROP TRIGGER fault")
          try await eventually { try await bench.deliveries(full, .dropped).count == 3 }
          #expect(try await bench.store.webhook(full.id)?.dropped == 3)
          #expect(bench.metrics.read().webhooks["dropped"] == 3)
        }
      }
    }
  }

  @Test("The log keeps the last deliveries only")
  func log() async throws {
    var limits = Self.limits
    limits.log = 20
    try await run(limits: limits) { bench in
      try await WebhookReceiver.run { receiver in
        let webhook = try await bench.webhooks.create(.init(url: receiver.url))
        for number in 0..<150 { try await bench.record(.roomUpdated, "r\(number)") }
        try await eventually { receiver.received.count == 150 }
        try await eventually { try await bench.deliveries(webhook).count == 20 }
        #expect(try await bench.deliveries(webhook).allSatisfy { $0.state == .delivered })
      }
    }
  }

  @Test(
    "A stop does not wait for a receiver that hangs, and its event is not counted as failed", .timeLimit(.minutes(2)))
  func stop() async throws {
    let path = NSTemporaryDirectory() + "mixd-webhooks-" + RandomName.make()
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    var patient = Self.limits
    (patient.timeout, patient.drain) = (600, 0.2)
    try await WebhookReceiver.run({ _, _ in .say("") }) { [limits = patient] receiver in
      try await run(path: path, limits: limits) { bench in
        _ = try await bench.webhooks.create(.init(url: receiver.url))
        try await bench.record(.roomLive)
        try await eventually { receiver.received.count == 1 }
      }
    }
    let left = try await SQLiteStore(path: path).pendingDeliveries(after: 0, limit: 10)
    #expect(left.map(\.item.attempts) == [0])
  }
}
