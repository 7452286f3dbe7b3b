/// What became of one STUN datagram.
enum ICEOutcome: Equatable {
  /// Integrity, user name and fingerprint are right.
  case authenticated
  case dropped(DropReason)
}
