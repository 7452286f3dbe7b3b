import MixCore

/// A receiver without other feedback allows little more than what comes, and pictures that are refused for that would
/// never be sent again: everything is sent whatever his bound is, until it falls or he reports losses, and then again
/// after ever longer pauses. Where everything is sent, a better layer is tried in the same way, with longer pauses.
struct BoundTrial: Sendable {
  /// Of all there is: key frames leave in time, and a path that just suffices is not flooded.
  private static let room = 1.5
  private static let pauses = MediaTime.seconds(2)...MediaTime.seconds(6)
  private static let raisePauses = MediaTime.seconds(4)...MediaTime.seconds(60)
  /// Who allows so much more than a better layer takes needs no trial to get it.
  private static let ample = 1.2
  /// What went on for so long has proved that the path is wide enough.
  private static let success = MediaTime.seconds(10)
  /// To begin with no more than this times the bound leaves, so that a path that is too narrow still carries the sound
  /// when the receiver finds out.
  private static let longestCaution = MediaTime.milliseconds(800)
  /// A better layer is only to be better: it may come a little later.
  private static let cautiousRooms = (usual: 1.5, raise: 1.2)
  /// In seconds: so long pictures may wait for that, as they are refused behind somewhat more (`VideoGate`).
  private static let longestWait = 0.2
  /// Pictures that were refused go on with a key frame, which has come by then if ever.
  private static let patience = MediaTime.seconds(5)
  /// May leave at once.
  private static let burst = 1500.0
  /// Of the bound; less is its usual restlessness, which is smaller while more comes than it allows.
  private static let falls = (usual: 0.95, trial: 0.98)
  /// So many, and more than this share, of the last packets are not lost by chance.
  private static let tooMany = (packets: 8.0, share: 0.125)
  private static let memory = 256.0

  /// Bits per second that are allowed whatever the bound is; `nil` while it counts.
  private(set) var rate: Double?
  private var bound = 0.0
  private var begun = MediaTime.distantPast
  private var sent = 0.0
  private var packets = 0.0
  private var missing = 0.0
  private var caution = BoundTrial.longestCaution
  /// What it is for has not begun to leave: pictures that were refused, or a better layer.
  private var isPending = false
  /// It is for a better layer.
  private var isRaise = false
  private var mayBegin = MediaTime.distantPast
  private var pause = BoundTrial.pauses.lowerBound
  private var mayRaise = MediaTime.distantPast
  private var raisePause = BoundTrial.raisePauses.lowerBound

  /// False if nothing changes.
  /// - Parameters:
  ///   - offered: bits per second of all there is.
  ///   - bound: of the receiver.
  ///   - isShort: pictures are refused at present.
  mutating func begin(offered: Double, bound: Double, isShort: Bool = false, now: MediaTime) -> Bool {
    if let rate {
      guard offered * Self.room > rate else { return false }
    } else {
      guard now >= mayBegin else { return false }
      self.bound = bound
      isPending = isShort
      count(from: now)
    }
    allow(offered)
    return true
  }

  /// Everything on offer is sent, and something better is there. False if nothing changes.
  /// - Parameter better: bits per second of everything with it.
  mutating func raise(to better: Double, bound: Double, now: MediaTime) -> Bool {
    guard now >= mayRaise, bound < better * Self.ample, rate ?? 0 < better * Self.room else { return false }
    self.bound = bound
    mayRaise = now + Self.raisePauses.lowerBound
    (isRaise, isPending) = (true, true)
    count(from: now)
    allow(better)
    return true
  }

  private var cautiousRoom: Double { isRaise ? Self.cautiousRooms.raise : Self.cautiousRooms.usual }

  private mutating func allow(_ offered: Double) {
    rate = offered * Self.room
    // What does not leave meanwhile must not wait for too long at the pace that follows.
    let excess = max(1 - cautiousRoom * bound / max(offered, 1), 0.01)
    let seconds = Self.longestWait * Self.room * BandwidthControl.blindPace / excess
    caution = min(Self.longestCaution, MediaTime(seconds: seconds))
  }

  private mutating func postponeRaise(_ now: MediaTime) {
    mayRaise = max(mayRaise, now + Self.raisePauses.lowerBound)
  }

  private mutating func count(from now: MediaTime) { (begun, sent, packets, missing) = (now, 0, 0, 0) }

  /// A stream that was refused goes on, or another layer begins: only now the path is told from one that is too narrow.
  mutating func noteResumption(now: MediaTime) {
    guard rate != nil, isPending else { return }
    isPending = false
    postponeRaise(now)
    count(from: now)
  }

  /// Refused pictures have not begun to leave again.
  func awaitsPictures(_ now: MediaTime) -> Bool {
    rate != nil && isPending && !isRaise && now - begun < Self.patience
  }

  /// The receiver has met the end of the path.
  func isFall(from before: Double, to bound: Double) -> Bool {
    bound < before * (rate == nil ? Self.falls.usual : Self.falls.trial)
  }

  /// The receiver misses one more packet. True if the trial ends for that.
  /// - Parameter sent: what was lost before the trial says nothing of it.
  mutating func noteMissing(sent: MediaTime, now: MediaTime) -> Bool {
    guard rate != nil, sent >= begun else { return false }
    missing += 1
    guard missing >= Self.tooMany.packets, missing > packets * Self.tooMany.share else { return false }
    end(now: now)
    return true
  }

  /// More was sent than the path bears, in a trial or without one.
  mutating func end(now: MediaTime) {
    postponeRaise(now)
    guard rate != nil else {
      mayBegin = max(mayBegin, now + Self.pauses.lowerBound)
      return
    }
    if !isPending, now - begun >= Self.success {
      (pause, raisePause) = (Self.pauses.lowerBound, Self.raisePauses.lowerBound)
    }
    if isRaise {
      mayBegin = max(mayBegin, now + Self.pauses.lowerBound)
      mayRaise = now + raisePause
      raisePause = min(raisePause * 2, Self.raisePauses.upperBound)
    } else {
      mayBegin = now + pause
      pause = min(pause * 2, Self.pauses.upperBound)
    }
    (rate, isRaise) = (nil, false)
  }

  /// - Parameter bytes: on the wire.
  mutating func noteSent(_ bytes: Int) {
    guard rate != nil else { return }
    sent += Double(bytes)
    packets += 1
    if packets >= Self.memory { (packets, missing) = (packets / 2, missing / 2) }
  }

  /// Pictures wait, though the trial allows them.
  func holdsBack(_ now: MediaTime) -> Bool {
    guard rate != nil, now - begun < caution else { return false }
    return sent > Self.burst + bound * cautiousRoom / 8 * (now - begun).seconds
  }
}
