/// What somebody is in a room, as far as rights go. One person can be several of these at once.
public enum Standing: String, Sendable, CaseIterable {
  case host
  /// Made helper of this room by its host, on stage or not.
  case admin
  case cohost
  /// Follows the room without a seat.
  case viewer
  /// Runs the server.
  case `operator`
}

/// Everything that can be done in a room, and the only place that says who may.
///
/// Against whom it may be done is a matter of rank: `Room.requireRank(of:over:)`.
public enum Permission: String, Sendable, CaseIterable {
  /// Follow the room: events, programme, chat.
  case enter

  /// Title, layout, cover, category, tags, and all settings.
  case editRoom
  /// Notice, mute-all, slow mode and word filter; also to see the filter.
  case moderateRoom
  case endRoom
  case manageAdmins
  case seeAdmins
  /// Close, warn or ban the room from outside.
  case operate

  /// Layout and scene of the programme.
  case directScene
  /// Add, see and remove outputs.
  case manageOutputs
  /// End a recording of the programme.
  case endRecording
  case seeTrace

  case apply
  /// Accept and reject applications, see all of them and their number.
  case answerApplications
  case invite
  case lockSeats
  /// Publish, and receive the others on stage.
  case takePart
  /// Change the controls of a participant, oneself included, or take him off the stage.
  case changeParticipant
  /// The same with somebody else.
  case moderateStage

  /// Write text and danmaku.
  case chat
  case like
  case sendGift
  /// Neither slow mode nor mute-all applies.
  case chatFreely
  /// Delete the messages of others.
  case deleteMessages
  case announce
  /// Mute and ban members, and see who is.
  case moderateMembers

  /// Ask for, answer and end links and battles.
  case manageLinks
  case seeLinks

  public func isGranted(to standings: Set<Standing>) -> Bool { !holders.isDisjoint(with: standings) }

  /// What is said to who lacks it.
  public var refusal: SignalingError {
    self == .takePart ? .seatRequired : .forbidden
  }

  public var holders: Set<Standing> {
    switch self {
    case .enter, .chat, .like, .sendGift:
      [.host, .admin, .cohost, .viewer, .operator]
    case .editRoom, .endRoom, .manageAdmins, .directScene, .manageOutputs, .seeTrace, .manageLinks, .seeLinks:
      [.host]
    case .moderateRoom, .seeAdmins, .answerApplications, .invite, .lockSeats, .moderateStage, .chatFreely,
      .deleteMessages, .announce, .moderateMembers:
      [.host, .admin, .operator]
    case .changeParticipant:
      [.host, .admin, .cohost, .operator]
    case .endRecording:
      [.host, .operator]
    case .takePart:
      [.host, .cohost]
    case .apply:
      [.viewer]
    case .operate:
      [.operator]
    }
  }
}
