extension WebhookEvent {
  /// - Parameter title: of the room.
  init(_ type: WebhookEventType, _ recording: StoredRecording, in files: RecordingFiles, title: String) {
    self.init(
      type, room: RoomName(id: recording.room, title: title),
      data: WebhookData(recording: RecordingBody(recording, in: files)))
  }
}

extension WebhookJournal {
  /// - Parameter title: of the room.
  func news(
    _ type: WebhookEventType, of recording: StoredRecording, in files: RecordingFiles, title: String
  ) -> [WebhookEvent] {
    isWanted ? [WebhookEvent(type, recording, in: files, title: title)] : []
  }
}

extension StoredRecording {
  /// What webhooks are told of the state it is in.
  var webhookEvent: WebhookEventType {
    switch state {
    case .recording: .recordStarted
    case .ended: .recordEnded
    case .failed: .recordFailed
    }
  }
}
