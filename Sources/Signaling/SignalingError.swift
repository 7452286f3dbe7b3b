/// A refusal by the rules of a room. Every case has a stable code that is part of the HTTP and WebSocket API.
public enum SignalingError: Error, Equatable, Sendable, CaseIterable {
  /// The actor's role does not allow this.
  case forbidden
  /// The room is over.
  case roomEnded
  /// Every place on stage is taken or promised.
  case roomFull
  /// The viewer already waits for an answer.
  case applicationPending
  /// No such application in this room.
  case applicationUnknown
  /// The application was answered, taken back or ran out of time.
  case applicationClosed
  /// This viewer applies too often.
  case applicationTooOften
  /// Too many viewers wait for an answer.
  case applicationQueueFull
  /// This user already has an unanswered invitation.
  case invitationPending
  /// No such invitation in this room.
  case invitationUnknown
  /// The invitation was answered, taken back or ran out of time.
  case invitationClosed
  /// Too many invitations wait for an answer.
  case invitationQueueFull
  /// The user is already on stage.
  case participantExists
  /// That user is not on stage.
  case participantUnknown
  /// Publishing needs an accepted application or invitation.
  case seatRequired
  /// The volume is not between 0 and 2.
  case volumeInvalid
  /// The title is empty, too long or not text.
  case titleInvalid
  /// The name is empty, too long or not text.
  case nameInvalid
  /// The message is empty.
  case chatEmpty
  /// The message is too long.
  case chatTooLong
  /// This user or this room sends too many messages.
  case chatTooOften
}

extension SignalingError {
  /// What kind of refusal it is; a transport turns this into its own status.
  public enum Kind: Sendable, Equatable {
    case invalid, forbidden, unknown, conflict, gone, tooMany
  }

  public var kind: Kind { details.kind }
  public var code: String { details.code }
  public var message: String { details.message }

  private var details: (kind: Kind, code: String, message: String) {
    switch self {
    case .forbidden: (.forbidden, "auth.forbidden", "Your role in this room does not allow this.")
    case .roomEnded: (.gone, "room.ended", "This room is over.")
    case .roomFull: (.conflict, "room.full", "Every place on stage is taken.")
    case .applicationPending: (.conflict, "application.pending", "You already wait for the host's answer.")
    case .applicationUnknown: (.unknown, "application.unknown", "No such application in this room.")
    case .applicationClosed: (.conflict, "application.closed", "This application is no longer waiting for an answer.")
    case .applicationTooOften: (.tooMany, "application.too-often", "You apply too often; wait some seconds.")
    case .applicationQueueFull: (.tooMany, "application.queue-full", "Too many viewers wait for the host's answer.")
    case .invitationPending: (.conflict, "invitation.pending", "This user has an unanswered invitation.")
    case .invitationUnknown: (.unknown, "invitation.unknown", "No such invitation in this room.")
    case .invitationClosed: (.conflict, "invitation.closed", "This invitation is no longer waiting for an answer.")
    case .invitationQueueFull: (.tooMany, "invitation.queue-full", "Too many invitations wait for an answer.")
    case .participantExists: (.conflict, "participant.exists", "This user is already on stage.")
    case .participantUnknown: (.unknown, "participant.unknown", "That user is not on stage.")
    case .seatRequired: (.forbidden, "participant.seat-required", "Publishing needs an accepted application.")
    case .volumeInvalid: (.invalid, "participant.volume", "The volume must be between 0 and 2.")
    case .titleInvalid: (.invalid, "room.title", "The title must have 1 to 50 characters.")
    case .nameInvalid: (.invalid, "session.name", "The name must have 1 to 32 characters.")
    case .chatEmpty: (.invalid, "chat.empty", "The message is empty.")
    case .chatTooLong: (.invalid, "chat.too-long", "The message must not be longer than 160 bytes.")
    case .chatTooOften: (.tooMany, "chat.too-often", "Too many messages; wait a moment.")
    }
  }
}
