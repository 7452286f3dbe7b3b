import MediaControl
import Signaling

extension LiveRoom {
  var nameForWebhooks: WebhookEvent.RoomName { .init(id: stored.id, title: room.info.title) }

  /// Takes note of what webhooks are told of these actions; it is stored with the room. Nobody listening, nothing is
  /// made.
  func noteForWebhooks(_ actions: [RoomAction]) {
    for case .tell(_, let event) in actions {
      guard let news = digest.news(of: event, in: room), environment.webhooks.isWanted else { continue }
      note(news.type, data(of: news))
    }
  }

  func noteForWebhooks(_ type: WebhookEventType, output: OutputBody) {
    guard environment.webhooks.isWanted else { return }
    note(type, WebhookData(output: output))
    persistSoon()
  }

  /// For the transaction that adds or removes an output.
  func news(_ type: WebhookEventType, output: OutputBody) -> [WebhookEvent] {
    guard environment.webhooks.isWanted else { return [] }
    return [WebhookEvent(type, room: nameForWebhooks, data: WebhookData(output: output))]
  }

  /// Stores what there is to tell together with what has become of the link.
  func noteForWebhooks(_ event: LinkEvent) {
    let isNoted = note(event)
    if isNoted || !isLinkStored { persistSoon() }
  }

  private func note(_ event: LinkEvent) -> Bool {
    guard let type = digest.news(of: event, in: stored.id), environment.webhooks.isWanted else { return false }
    switch event {
    case .updated(let link, _), .battleOver(let link): note(type, WebhookData(link: LinkBody(link, at: now)))
    case .requested, .battleRequested, .battleAnswered, .battleScore: return false
    }
    return true
  }

  private func note(_ type: WebhookEventType, _ data: WebhookData) {
    persistence.news.append(WebhookEvent(type, room: nameForWebhooks, data: data))
  }

  private func data(of news: RoomDigest.News) -> WebhookData {
    switch news.about {
    case .room: return WebhookData(room: body(for: nil))
    case .seat(let seat): return WebhookData(participant: ParticipantBody(seat))
    case .request(let request): return WebhookData(application: RequestBody(request, in: room, at: now))
    case .departure(let person, let reason):
      return WebhookData(userId: person.id, name: person.name, reason: reason.rawValue)
    case .sanction(let sanction):
      let body = SanctionBody(sanction, at: now)
      return WebhookData(
        userId: body.userId, name: body.name, reason: body.reason, by: body.byId, seconds: body.seconds)
    case .text(let text): return WebhookData(text: text)
    }
  }
}

extension OutputState {
  var webhookEvent: WebhookEventType {
    switch self {
    case .connecting: .outputConnecting
    case .live: .outputLive
    case .retrying: .outputRetrying
    case .failed: .outputFailed
    }
  }
}

extension WebhookJournal {
  func news(ofMaking room: StoredRoom) -> [WebhookEvent] {
    guard isWanted else { return [] }
    let name = WebhookEvent.RoomName(id: room.id, title: room.memory.info.title)
    return [WebhookEvent(.roomCreated, room: name, data: WebhookData(room: RoomBody(room, showsFilter: false)))]
  }
}
