/// A refusal by the rules of a room. Every case has a stable code that is part of the HTTP and WebSocket API.
public enum SignalingError: Error, Equatable, Sendable, CaseIterable {
  /// The actor's role does not allow this.
  case forbidden
  /// The actor may not be in this room.
  case userBanned
  /// The room is over.
  case roomEnded
  /// An operator has closed the room for good.
  case roomBanned
  /// Every place on stage is taken or promised.
  case roomFull
  /// The viewer already waits for an answer.
  case applicationPending
  /// No such application in this room.
  case applicationUnknown
  /// The application was answered, taken back or ran out of time.
  case applicationClosed
  /// This viewer applies too often, or was removed from the stage a moment ago.
  case applicationTooOften
  /// The host takes no applications.
  case applicationClosedByHost
  /// The room is linked with another one.
  case applicationDuringLink
  /// What the applicant says is too long.
  case applicationMessageInvalid
  /// The reason for a refusal is too long.
  case reasonInvalid
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
  /// A helper has turned this off for the participant.
  case participantMutedByHost
  /// No seat of that number.
  case seatUnknown
  /// Somebody sits there.
  case seatTaken
  /// The host needs no admin rights.
  case adminIsHost
  /// The room has as many admins as it may.
  case adminLimit
  /// The volume is not between 0 and 2.
  case volumeInvalid
  /// The title is empty, too long or not text.
  case titleInvalid
  /// The cover is neither empty nor a plain `https` URL.
  case coverInvalid
  case noticeInvalid
  /// The notice of the room changes too often.
  case noticeTooOften
  case categoryInvalid
  case tagsInvalid
  /// The operator's warning is empty or too long.
  case warningInvalid
  case stageInvalid
  /// Somebody sits on a seat that would go.
  case stageOccupied
  case requestTimeoutInvalid
  case slowModeInvalid
  case wordFilterInvalid
  /// The name is empty, too long or not text.
  case nameInvalid
  /// The message is empty.
  case chatEmpty
  /// The message is too long.
  case chatTooLong
  /// This user or this room sends too many messages.
  case chatTooOften
  /// The room is in slow mode, and this user wrote a moment ago.
  case chatSlowMode
  /// A moderator muted this user.
  case chatMuted
  /// Only host and admins may write at present.
  case chatMutedAll
  /// The message has a word that the room does not allow.
  case chatFiltered
  /// No such message, or not any more.
  case chatUnknown
  /// An announcement is empty or too long.
  case announcementInvalid
  /// No such gift.
  case giftUnknown
  /// Not 1 to 99 gifts at once.
  case giftCount
  /// Not 1 to 20 likes at once.
  case likeCount
  /// The time of a mute or ban is not between a second and a year.
  case moderationSeconds
  /// The room has as many mutes or bans as it may.
  case moderationFull
  /// One of the rooms is in a link, or waits for an answer.
  case linkBusy
  /// A room cannot be linked with itself, nor with another of the same host.
  case linkSelf
  /// The host of one of the rooms is not live.
  case linkNotLive
  /// One of the rooms has co-hosts on stage.
  case linkStageOccupied
  /// The link has as many rooms as it can have.
  case linkFull
  /// No such link of this room.
  case linkUnknown
  /// The link is over, or the request was answered, taken back or ran out of time.
  case linkClosed
  /// The link has not begun for this room.
  case linkPending
  /// This room asks others too often.
  case linkTooOften
  /// The reason is too long.
  case linkReasonInvalid
  /// The battle would be too short or too long.
  case battleDuration
  /// A battle is going on.
  case battleRunning
  /// Somebody has asked for a battle already.
  case battleProposed
  /// Nobody asks this room for a battle, or not any more.
  case battleNotProposed
  /// No battle is going on.
  case battleNone
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
    case .userBanned: (.forbidden, "room.user-banned", "You may not be in this room.")
    case .roomBanned: (.forbidden, "room.banned", "An operator has closed this room for good.")
    case .roomEnded: (.gone, "room.ended", "This room is over.")
    case .roomFull: (.conflict, "room.full", "Every place on stage is taken.")
    case .applicationPending: (.conflict, "application.pending", "You already wait for the host's answer.")
    case .applicationUnknown: (.unknown, "application.unknown", "No such application in this room.")
    case .applicationClosed: (.conflict, "application.closed", "This application is no longer waiting for an answer.")
    case .applicationTooOften: (.tooMany, "application.too-often", "You apply too often; wait a moment.")
    case .applicationClosedByHost:
      (.forbidden, "application.closed-by-host", "The host takes no applications at the moment.")
    case .applicationDuringLink:
      (.conflict, "application.during-link", "The room is linked with another one; nobody comes on stage meanwhile.")
    case .applicationMessageInvalid:
      (.invalid, "application.message", "The message must not be longer than 60 characters.")
    case .reasonInvalid: (.invalid, "request.reason", "The reason must not be longer than 100 characters.")
    case .applicationQueueFull: (.tooMany, "application.queue-full", "Too many viewers wait for the host's answer.")
    case .invitationPending: (.conflict, "invitation.pending", "This user has an unanswered invitation.")
    case .invitationUnknown: (.unknown, "invitation.unknown", "No such invitation in this room.")
    case .invitationClosed: (.conflict, "invitation.closed", "This invitation is no longer waiting for an answer.")
    case .invitationQueueFull: (.tooMany, "invitation.queue-full", "Too many invitations wait for an answer.")
    case .participantExists: (.conflict, "participant.exists", "This user is already on stage.")
    case .participantUnknown: (.unknown, "participant.unknown", "That user is not on stage.")
    case .seatRequired: (.forbidden, "participant.seat-required", "Publishing needs an accepted application.")
    case .participantMutedByHost:
      (.forbidden, "participant.muted-by-host", "The host has turned this off; only he turns it on again.")
    case .seatUnknown: (.unknown, "seat.unknown", "This stage has no seat of that number.")
    case .seatTaken: (.conflict, "seat.taken", "Somebody sits on this seat.")
    case .adminIsHost: (.conflict, "admin.is-host", "The host needs no admin rights.")
    case .adminLimit: (.conflict, "admin.limit", "This room has as many admins as it may have.")
    case .volumeInvalid: (.invalid, "participant.volume", "The volume must be between 0 and 2.")
    case .titleInvalid: (.invalid, "room.title", "The title must have 1 to 50 characters.")
    case .coverInvalid: (.invalid, "room.cover", "The cover must be a plain https URL of at most 512 bytes, or empty.")
    case .noticeInvalid: (.invalid, "room.notice", "The notice must not be longer than 300 characters.")
    case .noticeTooOften: (.tooMany, "room.notice-too-often", "The notice changes too often; wait some seconds.")
    case .categoryInvalid: (.invalid, "room.category", "The category must not be longer than 20 characters.")
    case .tagsInvalid: (.invalid, "room.tags", "At most 5 tags of 1 to 16 characters are allowed.")
    case .warningInvalid: (.invalid, "room.warning", "The warning must have 1 to 300 characters.")
    case .stageInvalid: (.invalid, "settings.stage", "The stage has 2 to 16 seats.")
    case .stageOccupied: (.conflict, "settings.stage-occupied", "Somebody sits on a seat that would be taken away.")
    case .requestTimeoutInvalid: (.invalid, "settings.request-timeout", "A request waits 10 to 60 seconds.")
    case .slowModeInvalid: (.invalid, "settings.slow-mode", "Slow mode is 0 to 120 seconds.")
    case .wordFilterInvalid:
      (.invalid, "settings.word-filter", "The word filter takes at most 200 words of 1 to 32 characters.")
    case .nameInvalid: (.invalid, "session.name", "The name must have 1 to 32 characters.")
    case .chatEmpty: (.invalid, "chat.empty", "The message is empty.")
    case .chatTooLong: (.invalid, "chat.too-long", "The message must not be longer than 160 bytes.")
    case .chatTooOften: (.tooMany, "chat.too-often", "Too many messages; wait a moment.")
    case .chatSlowMode: (.tooMany, "chat.slow-mode", "This room is in slow mode; wait before you write again.")
    case .chatMuted: (.forbidden, "chat.muted", "You are muted in this room.")
    case .chatMutedAll: (.forbidden, "chat.muted-all", "Only host and admins may write at present.")
    case .chatFiltered: (.invalid, "chat.filtered", "This room does not allow a word of this message.")
    case .chatUnknown: (.unknown, "chat.unknown", "No such message.")
    case .announcementInvalid: (.invalid, "chat.announcement", "An announcement must have 1 to 300 characters.")
    case .giftUnknown: (.unknown, "gift.unknown", "No such gift.")
    case .giftCount: (.invalid, "gift.count", "1 to 99 gifts can be given at once.")
    case .likeCount: (.invalid, "like.count", "1 to 20 likes can be given at once.")
    case .moderationSeconds: (.invalid, "moderation.seconds", "The time must be 1 second to 365 days.")
    case .moderationFull: (.conflict, "moderation.full", "This room has as many mutes or bans as it may.")
    case .linkBusy: (.conflict, "link.busy", "One of the rooms is linked already, or waits for an answer.")
    case .linkSelf: (.conflict, "link.self", "A room cannot be linked with itself or with another of the same host.")
    case .linkNotLive: (.conflict, "link.not-live", "Both rooms must be live to be linked.")
    case .linkStageOccupied: (.conflict, "link.stage-occupied", "A room with co-hosts on stage cannot be linked.")
    case .linkFull: (.conflict, "link.full", "This link has as many rooms as it can have.")
    case .linkUnknown: (.unknown, "link.unknown", "No such link of this room.")
    case .linkClosed: (.conflict, "link.closed", "This link or request is over.")
    case .linkPending: (.conflict, "link.pending", "This link has not begun for this room.")
    case .linkTooOften: (.tooMany, "link.too-often", "You ask other rooms too often; wait some seconds.")
    case .linkReasonInvalid: (.invalid, "link.reason", "The reason must not be longer than 100 characters.")
    case .battleDuration: (.invalid, "link.battle-duration", "A battle takes 30 to 600 seconds.")
    case .battleRunning: (.conflict, "link.battle-running", "A battle is going on.")
    case .battleProposed: (.conflict, "link.battle-proposed", "A battle has been asked for already.")
    case .battleNotProposed:
      (.conflict, "link.battle-not-proposed", "Nobody asks this room for a battle, or not any more.")
    case .battleNone: (.conflict, "link.battle-none", "No battle is going on.")
    }
  }
}
