import Logging
import MediaControl
import Signaling

/// One destination of a room's programme.
struct Output: Sendable {
  enum Stage {
    /// The worker has not taken it yet; nothing of it is stored, and webhooks know nothing of it.
    case beginning
    case kept
    /// Its removal is being stored.
    case leaving
  }

  let id: OutputID
  /// With its stream key.
  let url: String
  /// Whoever added it might push into the server's own network.
  let allowsPrivate: Bool
  var state = OutputState.connecting
  var reason: String?
  var stage = Stage.beginning

  var body: OutputBody {
    OutputBody(id: id.rawValue, url: OutputURL.redacted(url), state: state, reason: reason)
  }
}

extension Output {
  init(_ stored: StoredOutput) {
    self.init(id: OutputID(rawValue: stored.id), url: stored.url, allowsPrivate: stored.allowsPrivate)
    stage = .kept
  }
}

extension LiveRoom {
  /// Adds an output whose URL was checked.
  func addOutput(
    _ url: OutputURL, allowsPrivate: Bool, by person: Person
  ) async throws(APIError) -> OutputBody {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    guard outputs.count < environment.limits.outputsPerRoom else { throw .outputLimit }
    let output = Output(id: OutputID(rawValue: RandomName.make("o_")), url: url.text, allowsPrivate: allowsPrivate)
    outputs.append(output)
    do {
      try await openMedia()
      _ = try await perform(command(for: output))
      try await store(output)
    } catch {
      outputs.removeAll { $0.id == output.id }
      _ = try? await environment.media.perform(.removeOutput(id, output.id))
      throw error as? APIError ?? .internalFault
    }
    guard let body = outputs.first(where: { $0.id == output.id && $0.stage == .kept })?.body else {
      await withdraw(output)
      throw .outputUnknown
    }
    tellOutput(body)
    return body
  }

  /// With what webhooks are told of it; unless it was removed while it began.
  private func store(_ output: Output) async throws {
    guard let index = outputs.firstIndex(where: { $0.id == output.id }) else { throw APIError.outputUnknown }
    outputs[index].stage = .kept
    let body = outputs[index].body
    let row = StoredOutput(
      id: output.id.rawValue, room: stored.id, url: output.url, allowsPrivate: output.allowsPrivate)
    try await environment.store.addOutput(row, news: news(body.state.webhookEvent, output: body))
    environment.webhooks.wake()
  }

  /// It was removed while it was stored, and the store may have done the one before the other.
  private func withdraw(_ output: Output) async {
    outputs.removeAll { $0.id == output.id }
    _ = try? await environment.media.perform(.removeOutput(id, output.id))
    do {
      let news = news(.outputRemoved, output: output.body)
      try await environment.store.removeOutput(output.id.rawValue, room: stored.id, news: news)
    } catch {
      environment.logger.error("An output could not be removed.", metadata: ["error": "\(error)"])
    }
    environment.webhooks.wake()
  }

  private func command(for output: Output) -> MediaCommand {
    .addOutput(
      id, output.id, url: output.url,
      allowsPrivate: environment.privateOutputs.allow(ifFromThisMachine: output.allowsPrivate))
  }

  func listOutputs(by person: Person) throws(APIError) -> [OutputBody] {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    return outputs.map(\.body)
  }

  func removeOutput(_ name: String, by person: Person) async throws(APIError) {
    try checked { room, now throws(SignalingError) in try room.requireOpen(.manageOutputs, of: person, at: now) }
    guard let output = outputs.first(where: { $0.id.rawValue == name && $0.stage != .leaving }) else {
      throw .outputUnknown
    }
    if output.stage == .kept { try await unstore(output) }
    outputs.removeAll { $0.id == output.id }
    if opening != nil { _ = try? await environment.media.perform(.removeOutput(id, output.id)) }
    var message = EventMessage("output.removed")
    message.id = name
    tellHost(message)
  }

  private func unstore(_ output: Output) async throws(APIError) {
    setStage(.leaving, of: output.id)
    do {
      let news = news(.outputRemoved, output: output.body)
      try await environment.store.removeOutput(output.id.rawValue, room: stored.id, news: news)
    } catch {
      setStage(.kept, of: output.id)
      throw .internalFault
    }
    environment.webhooks.wake()
  }

  private func setStage(_ stage: Output.Stage, of id: OutputID) {
    guard let index = outputs.firstIndex(where: { $0.id == id }) else { return }
    outputs[index].stage = stage
  }

  /// Begins a stored output; its failure is shown, and disturbs nothing else.
  func start(_ output: Output) async {
    do {
      _ = try await environment.media.perform(command(for: output))
    } catch {
      outputChanged(output.id, .failed, error.message)
    }
  }

  func outputChanged(_ id: OutputID, _ state: OutputState, _ reason: String?) {
    guard let index = outputs.firstIndex(where: { $0.id == id }) else { return }
    let isNews = outputs[index].state != state && outputs[index].stage == .kept
    outputs[index].state = state
    outputs[index].reason = reason.map { OutputURL.scrub($0, of: outputs[index].url) }
    tellOutput(outputs[index].body)
    if isNews { noteForWebhooks(state.webhookEvent, output: outputs[index].body) }
  }

  private func tellOutput(_ body: OutputBody) {
    var message = EventMessage("output.updated")
    message.output = body
    tellHost(message)
  }
}
