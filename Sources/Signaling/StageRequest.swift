/// One try to get a viewer on stage: he applies and the host answers, or the host invites and he answers.
public struct StageRequest: Sendable, Equatable {
  public enum Origin: String, Sendable, Codable { case application, invitation }
  public enum Media: String, Sendable, Codable { case video, audio }
  public enum State: String, Sendable, Codable { case pending, accepted, rejected, cancelled, expired }
  /// What may be done with a pending request.
  public enum Answer: String, Sendable, Codable, CaseIterable { case accept, reject, cancel }

  public let id: String
  public let origin: Origin
  /// Who would come on stage.
  public let user: Person
  public let media: Media
  public let deadline: Instant
  public internal(set) var state: State = .pending
}

extension StageRequest {
  /// Whether `actor` is the one this answer belongs to, in a room of `host`.
  func admits(_ answer: Answer, by actor: Person, host: Person) -> Bool {
    switch (origin, answer) {
    case (.application, .cancel), (.invitation, .accept), (.invitation, .reject): actor.id == user.id
    case (.invitation, .cancel), (.application, .accept), (.application, .reject): actor.id == host.id
    }
  }
}

extension StageRequest.Answer {
  var outcome: StageRequest.State {
    switch self {
    case .accept: .accepted
    case .reject: .rejected
    case .cancel: .cancelled
    }
  }
}

extension StageRequest.Origin {
  var unknown: SignalingError { self == .application ? .applicationUnknown : .invitationUnknown }
  var closed: SignalingError { self == .application ? .applicationClosed : .invitationClosed }
  var pending: SignalingError { self == .application ? .applicationPending : .invitationPending }
  var queueFull: SignalingError { self == .application ? .applicationQueueFull : .invitationQueueFull }
}
