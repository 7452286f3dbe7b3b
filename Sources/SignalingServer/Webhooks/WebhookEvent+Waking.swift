import Signaling

extension WebhookEvent {
  /// What is told of a room that the last process has left like this: its link is over, and nobody is on air.
  static func ofWaking(_ room: StoredRoom) -> [WebhookEvent] {
    let name = RoomName(id: room.id, title: room.info.title)
    var events: [WebhookEvent] = []
    if let link = room.memory.link {
      let data = WebhookData(link: LinkBody(endedByRestart: link), reason: StageRequest.EndCode.restart.rawValue)
      if link.battle != nil { events.append(WebhookEvent(.battleOver, room: name, data: data)) }
      events.append(WebhookEvent(.linkEnded, room: name, data: data))
    }
    if room.status == .live {
      var waiting = room
      waiting.status = .waiting
      events.append(WebhookEvent(.roomWaiting, room: name, data: WebhookData(room: RoomBody(waiting))))
    }
    return events
  }
}
