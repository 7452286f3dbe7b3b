/// One try to get a viewer on stage: he applies and a helper answers, or a helper invites and he answers.
public struct StageRequest: Sendable, Equatable {
  public enum Origin: String, Sendable, Codable { case application, invitation }
  public enum Media: String, Sendable, Codable { case video, audio }
  public enum State: String, Sendable, Codable { case pending, accepted, rejected, cancelled, expired }
  /// What may be done with a pending request.
  public enum Answer: String, Sendable, Codable, CaseIterable { case accept, reject, cancel }

  public let id: String
  /// Grows with every request of a room.
  public let number: Int
  public let origin: Origin
  /// Who would come on stage.
  public internal(set) var user: Person
  public let media: Media
  /// What an applicant says about himself.
  public let message: String
  public let deadline: Instant
  public internal(set) var state: State = .pending
  /// Why it ended: of a rejected one the words of who rejected it, else a code of `EndCode`.
  public internal(set) var reason: String?

  /// Why the server ended a request.
  public enum EndCode: String, Sendable, CaseIterable {
    case timeout
    /// Ran out of time while every seat was taken.
    case full = "room.full"
    /// The applicant left the room.
    case left
    case kicked, banned
    case ended = "room.ended"
    case linked = "application.during-link"
    /// Another request of the same user was accepted.
    case seated
    case restart
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
}
