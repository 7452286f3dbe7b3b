import MixCore

/// What is asked of the sender, and when.
extension ReceiveStream {
  /// Reordering heals within this; it is all the time a packet has that nobody can be asked for.
  private static let reorderPatience = MediaTime.milliseconds(80)
  /// A missing video packet is waited for ten round trips: a new key frame takes longer and costs more, and is asked for
  /// besides (`precautionTime`).
  private static let videoPatience = MediaTime.milliseconds(250)...MediaTime.seconds(1)
  private static let precaution = MediaTime.milliseconds(200)...MediaTime.seconds(1)
  /// A sound that comes later is no longer heard.
  private static let audioPatience = MediaTime.milliseconds(120)...MediaTime.milliseconds(300)
  private static let longestAudioRoundTrip = MediaTime.milliseconds(200)
  /// Redundancy brings a missing packet with the next two.
  private static let redundancyGrace = MediaTime.milliseconds(50)

  var isAudioRepairWorthwhile: Bool { roundTrip <= Self.longestAudioRoundTrip }
  var audioGrace: MediaTime { redundancy.isInUse ? Self.redundancyGrace : NackGenerator.reorderGrace }

  /// How long a missing packet is asked for.
  var patience: MediaTime {
    guard media.feedback.contains(.nack) else { return Self.reorderPatience }
    if media.kind == .audio {
      return min(max(roundTrip * 2 + audioGrace, Self.audioPatience.lowerBound), Self.audioPatience.upperBound)
    }
    let longest = max(Self.videoPatience.upperBound, roundTrip * 5 / 2)
    return min(max(roundTrip * 10, Self.videoPatience.lowerBound), longest)
  }

  /// A frame that later ones can do without is waited for only until the second answer has come.
  private var giveUpTime: MediaTime {
    guard isSelected, let since = assembler?.blockedSince else { return .distantFuture }
    if isBeyondRepair { return since + NackGenerator.reorderGrace }
    guard assembler?.isGapBridgeable == true else { return since + patience }
    return since + min(patience, max(NackGenerator.secondAnswer(roundTrip), Self.reorderPatience))
  }

  /// When a key frame is asked for although what is missing may still come.
  private var precautionTime: MediaTime {
    guard isSelected, asksForKeyFrames, !keyFrames.isWanted, let since = assembler?.blockedSince else {
      return .distantFuture
    }
    return since + min(max(roundTrip * 6, Self.precaution.lowerBound), max(Self.precaution.upperBound, roundTrip * 2))
  }

  var asksForKeyFrames: Bool {
    media.kind == .video && !media.feedback.isDisjoint(with: [.pictureLoss, .fullIntra])
  }

  /// When `advance` or `writeFeedback` has something to do.
  var nextDeadline: MediaTime {
    guard remoteSSRC != nil else { return .distantFuture }
    return min(min(giveUpTime, precautionTime), feedbackDeadline)
  }

  /// Gives up on packets that did not come in time.
  mutating func advance(to now: MediaTime, clock: CaptureClock, outputs: inout [MediaOutput]) {
    if precautionTime <= now { keyFrames.want(now: now, asPrecaution: true) }
    var rounds = 0
    while giveUpTime <= now, rounds < 64 {
      assembler?.giveUp()
      deliverFrames(now: now, clock: clock, to: &outputs)
      rounds &+= 1
    }
  }

  mutating func requestKeyFrame(now: MediaTime) { if media.kind == .video { keyFrames.want(now: now) } }

  var feedbackDeadline: MediaTime {
    guard remoteSSRC != nil else { return .distantFuture }
    return min(nacks.nextDeadline, asksForKeyFrames ? keyFrames.nextDeadline : .distantFuture)
  }

  /// Writes the NACK and the key frame request that are due.
  mutating func writeFeedback(into writer: inout RTCPWriter, sender: UInt32, now: MediaTime) {
    guard let source = remoteSSRC else { return }
    let lost = nacks.takeDue(now: now, roundTrip: roundTrip, patience: patience)
    if !lost.isEmpty, writer.nack(lost, sender: sender, media: source) {
      counters.nacksSent &+= UInt64(lost.count)
    }
    guard asksForKeyFrames, keyFrames.takeDue(now: now) else { return }
    let written: Bool
    if media.feedback.contains(.pictureLoss) {
      written = writer.pictureLoss(sender: sender, media: source)
    } else {
      fullIntraSequence &+= 1
      written = writer.fullIntra(sender: sender, media: source, commandSequence: fullIntraSequence)
    }
    if written { counters.keyFramesRequested &+= 1 }
  }

  // MARK: Reports

  mutating func noteSenderReport(_ senderReport: SenderReport, now: MediaTime, clock: inout CaptureClock) {
    report.noteSenderReport(senderReport.ntp, arrival: now)
    clock.map(track: track, timestamp: senderReport.timestamp, to: senderReport.ntp, isCaptureTime: false, now: now)
  }

  mutating func makeReportBlock(now: MediaTime) -> ReportBlock? {
    guard let source = remoteSSRC else { return nil }
    return report.makeBlock(ssrc: source, tracker: tracker, now: now)
  }
}
