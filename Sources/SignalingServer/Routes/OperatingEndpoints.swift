import HTTPTypes
import Hummingbird
import MediaControl
import Signaling

/// Health, readiness and metrics.
struct OperatingEndpoints: Sendable {
  let plane: ControlPlane

  var all: [Endpoint] {
    [
      Endpoint(
        .get, "/healthz", .open, .operating, "Says that the process serves.", answers: [.ok(.status)],
        handler: { _ in try .json(.ok, ["status": "ok"]) }),
      Endpoint(
        .get, "/readyz", .open, .operating, "Says whether the server can do its work.", answers: [.ok(.status)],
        errors: [.mediaRefusals], handler: ready),
      Endpoint(
        .get, "/metrics", .open, .operating, "Prometheus metrics.",
        answers: [.text(.ok, "text/plain; version=0.0.4; charset=utf-8")], handler: metrics),
      Endpoint(
        .get, "/api/v1/rooms/{room}/events", .open, .rooms, "The events socket: everything that happens in the room.",
        query: [.optional("token", .text, "For clients that cannot set headers.")],
        answers: [.text(.switchingProtocols, "text/plain")],
        errors: [
          .authInvalid, .authBanned, .originForbidden, .roomUnknown, .rule(.roomEnded), .rule(.userBanned),
          .rule(.roomBanned), .upgradeRequired, .viewersFull, .roomUnavailable,
        ],
        handler: events),
    ]
  }

  @Sendable private func ready(_ call: Call) async throws -> Response {
    let values = plane.environment.metrics.read()
    if values.isStopping || values.mediaIsDown { throw APIError.mediaUnavailable }
    _ = try await plane.environment.media.perform(.metrics)
    return try .json(.ok, ["status": "ready"])
  }

  @Sendable private func metrics(_ call: Call) async throws -> Response {
    var text = PrometheusText()
    if case .metrics(let snapshot)? = try? await plane.environment.media.perform(.metrics) {
      text.add(snapshot.samples)
      text.add(snapshot.histograms)
    }
    text.add(try await ownSamples())
    return .text(.ok, "text/plain; version=0.0.4; charset=utf-8", text.text)
  }

  private func ownSamples() async throws -> [MetricSample] {
    let values = plane.environment.metrics.read()
    let rooms = try await plane.environment.store.countRooms()
    var samples = [Room.Status.waiting, .live].map { status in
      MetricSample(
        name: "rooms", help: "Rooms by status.", kind: .gauge, labels: ["status": status.rawValue],
        value: Double(rooms[status] ?? 0))
    }
    samples += values.responses.sorted { $0.key < $1.key }.map { status, count in
      MetricSample(
        name: "http_responses_total", help: "HTTP responses by status class.", kind: .counter,
        labels: ["status": status], value: Double(count))
    }
    samples += Self.results("webhook_deliveries_total", "Tries to deliver events by result.", values.webhooks)
    samples += Self.results("moderation_requests_total", "Texts shown to the moderation by result.", values.moderation)
    samples.append(
      MetricSample(
        name: "moderation_seconds_total", help: "Time the moderation took.", kind: .counter,
        value: values.moderationSeconds))
    func add(_ name: String, _ help: String, _ kind: MetricSample.Kind, _ value: Int) {
      samples.append(MetricSample(name: name, help: help, kind: kind, value: Double(value)))
    }
    add("event_sockets", "Open events sockets.", .gauge, values.sockets)
    add("event_sockets_opened_total", "Events sockets opened.", .counter, values.socketsOpened)
    add("event_sockets_refused_total", "Events sockets refused by a limit.", .counter, values.socketsRefused)
    add("event_sockets_slow_total", "Events sockets cut off for reading too slowly.", .counter, values.socketsTooSlow)
    add("media_events_total", "Events received from the media worker.", .counter, values.mediaEvents)
    add("webhook_backlog", "Events that wait for their receiver.", .gauge, values.webhookBacklog)
    return samples
  }

  private static func results(_ name: String, _ help: String, _ counts: [String: Int]) -> [MetricSample] {
    counts.sorted { $0.key < $1.key }.map { result, count in
      MetricSample(name: name, help: help, kind: .counter, labels: ["result": result], value: Double(count))
    }
  }

  /// Reached only without a WebSocket upgrade, or when the upgrade was refused: says why. Pages cannot read what is said
  /// to a handshake, and ask again without one.
  @Sendable private func events(_ call: Call) async throws -> Response {
    let room = try await plane.room(call.context)
    let request = call.request
    let person = try await entrant(by: request)
    if let person {
      try await room.checked { room, now throws(SignalingError) in try room.requireEntry(person, at: now) }
    }
    if !plane.admitsOrigin(of: request.head) { throw APIError.originForbidden }
    // The gate takes this field away from what it refuses, and sees only the first request of a connection.
    if request.headers[.upgrade] != nil {
      throw APIError(.upgradeRequired, APIError.upgradeRequired.code, "A WebSocket needs a connection of its own.")
    }
    let wasHandshake = request.headers[.secWebSocketVersion] == "13" && request.headers[.secWebSocketKey] != nil
    let isRoomFull = await room.isFull
    if wasHandshake || isRoomFull || plane.sockets.isFull(for: AddressGroup.of(call.context.address), person?.id) {
      throw APIError.viewersFull
    }
    throw APIError.upgradeRequired
  }

  private func entrant(by request: Request) async throws(APIError) -> Person? {
    guard let token = request.query("token") ?? request.bearer ?? request.offeredToken else { return nil }
    return try await plane.identity.caller(of: token).person
  }
}
