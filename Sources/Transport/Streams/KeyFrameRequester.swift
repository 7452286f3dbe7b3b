import MixCore

/// Spaces requests for a key frame: the first almost at once, any other a second after the one before, whatever for; longer
/// where several in a row were in vain, and sooner once behind each silence, into which the last one was lost.
struct KeyFrameRequester: Sendable {
  /// So many frames come about as soon as a key frame would.
  private static let quickRecovery = 5
  /// The first packet of a key frame may arrive just behind its second.
  static let reorderGrace = MediaTime.milliseconds(20)
  private static let usualPause = MediaTime.seconds(1)

  private(set) var isWanted = false
  /// Nothing is known to be lost yet: the wish ends when what is missing comes.
  private var isPrecaution = false
  /// Until the pictures of a decoder that has begun at a recovery point are right.
  private var framesToRecover: Int?
  private var lastSent = MediaTime.distantPast
  /// Requests of the present wish that brought nothing.
  private var unanswered = 0
  private var firstDue = MediaTime.distantPast

  /// `grace` is the time before the first request.
  mutating func want(
    now: MediaTime, asPrecaution: Bool = false, grace: MediaTime = KeyFrameRequester.reorderGrace
  ) {
    if !asPrecaution { isPrecaution = false }
    guard !isWanted else { return }
    isWanted = true
    unanswered = 0
    isPrecaution = asPrecaution
    firstDue = now + grace
  }

  mutating func satisfy() {
    isWanted = false
    framesToRecover = nil
  }

  /// A frame goes to the decoder. Of one that recovers slowly a key frame may spare the rest.
  mutating func noteDelivery(of frame: ReceivedVideoFrame, now: MediaTime) {
    guard !frame.isKeyFrame else { return satisfy() }
    let ahead = frame.recoveryFrames.map { Int($0) }
    if frame.followsLoss {
      framesToRecover = ahead
    } else if let left = framesToRecover {
      framesToRecover = min(left - 1, ahead ?? .max)
    }
    guard let left = framesToRecover else { return }
    if left <= Self.quickRecovery { satisfy() } else { want(now: now) }
  }

  /// A key frame begins to arrive. What is asked for because one that began does not get whole stays asked for.
  mutating func noteBeginning() { if !isPrecaution { isWanted = false } }

  mutating func satisfyPrecaution() { if isPrecaution { isWanted = false } }

  /// The sender is there again: what he did not answer may have been lost.
  mutating func noteReturn() { unanswered = 0 }

  /// It was, if nothing came from him for long; but what was sent within a round trip may still be answered, and what comes
  /// first may be of a key frame.
  mutating func noteReturnFromSilence(now: MediaTime, roundTrip: MediaTime) {
    noteReturn()
    let due = max(now + Self.reorderGrace, lastSent + roundTrip)
    lastSent = min(lastSent, due - Self.usualPause)
  }

  var nextDeadline: MediaTime {
    guard isWanted else { return .distantFuture }
    return max(lastSent + pause, firstDue)
  }

  private var pause: MediaTime {
    // The requests may have been lost as well.
    unanswered <= 3 ? Self.usualPause : Self.usualPause * 2
  }

  /// True if a request is to be sent now.
  mutating func takeDue(now: MediaTime) -> Bool {
    guard now >= nextDeadline else { return false }
    lastSent = now
    unanswered += 1
    return true
  }
}
