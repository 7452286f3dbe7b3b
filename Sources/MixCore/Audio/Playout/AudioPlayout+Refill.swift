/// What is put into the sample queue next.
extension AudioPlayout {
  static let tick = AudioFormat.tickFrames
  /// 5 ms, over which sound that does not fit is faded in.
  private static let joint = 240
  /// A gap is left open for packets that may still come, as long as playout is earlier than it should be by 10 ms.
  private static let earlyEnoughToWait: Double = -480
  private static let longestHold = 2_880
  /// 3 dB over full scale: more than clipped sound grows in the codec. Damaged packets decode to anything.
  private static let loudest: Float = 1.4

  mutating func refill(at now: MediaTime) {
    let before = samples.count
    if state == .playing { refillSound() }
    // Sound that ended without a last piece of its own goes over into the pause here.
    if state == .silent, samples.count <= before { refillSilence(at: now) }
    // Whatever went wrong, the block must become full.
    if samples.count <= before, samples.count < Self.tick + 64 { samples.appendSilence(Self.tick) }
  }

  private mutating func refillSound() {
    dropPlayed()
    guard let first = packets.first else {
      waitForPackets()
      return
    }
    let gap = Int(clamping: first.position &- position)
    if gap <= 0 {
      decodeNext(discarding: -gap, joining: gap < 0 || concealment.held > 0)
    } else if lastSequence.map({ $0 &+ 1 == first.sequence }) ?? false {
      // Nothing is missing: the sender paused.
      beginPause()
    } else if gap <= concealment.held {
      position = first.position
      decodeNext(discarding: 0, joining: true)
    } else {
      // What was played while waiting stands for as much of what was lost.
      position &+= Int64(concealment.held)
      let open = gap - concealment.held
      concealment.held = 0
      bridge(open, to: first)
    }
  }

  private mutating func dropPlayed() {
    while let first = packets.first, first.end <= position, packets.removeFirst() != nil { counters.late += 1 }
  }

  private mutating func waitForPackets() {
    if concealment.isPause {
      beginPause()
    } else {
      conceal(Self.tick, holding: true)
    }
  }

  /// Restores or conceals the `open` samples before `next`.
  private mutating func bridge(_ open: Int, to next: PackedAudio) {
    let repeats = OpusPacketInfo.carriesRecovery(next.payload)
    recovery.note(repeats: repeats)
    if pace.lateness < Self.earlyEnoughToWait, concealment.length < Self.longestHold {
      conceal(min(Self.tick, (open + 119) / 120 * 120), holding: true)
      return
    }
    let restorable = repeats ? OpusPacketInfo(next.payload)?.frameSamples ?? 0 : 0
    if open > restorable {
      conceal(min(open - restorable, 2 * Self.tick), holding: false)
    } else {
      restore(open, from: next, frames: restorable)
    }
  }

  private mutating func restore(_ open: Int, from next: PackedAudio, frames: Int) {
    guard let made = try? decoder.decodeFEC(next.payload, frames: frames, into: &decoded), made >= open else {
      conceal(open, holding: false)
      return
    }
    fadeBack(from: made - open, frames: open)
    enqueueDecoded(from: made - open, frames: open)
    position &+= Int64(open)
    counters.fecSamples += open
    concealment.reset()
  }

  /// Continues the sound; the position either goes on or waits for what may still come.
  private mutating func conceal(_ frames: Int, holding: Bool) {
    let asked = min((frames + 119) / 120 * 120, OpusPacketInfo.maximumSamples)
    let made = min((try? decoder.conceal(frames: asked, into: &decoded)) ?? 0, frames)
    guard made > 0 else {
      state = .silent
      concealment.reset()
      return
    }
    let gain = concealment.gain
    concealment.grow(by: made)
    if concealment.gain < 1 {
      AudioKernels.ramp(&decoded, start: 0, frames: made, from: gain, to: concealment.gain)
    }
    enqueueDecoded(frames: made)
    counters.concealedSamples += made
    if holding { concealment.held += made } else { position &+= Int64(made) }
    if concealment.isOver {
      state = .silent
      concealment.reset()
    }
  }

  /// Decodes the first waiting packet without its first `discarding` samples.
  mutating func decodeNext(discarding: Int, joining: Bool, fadingIn: Bool = false) {
    guard let packet = packets.removeFirst() else { return }
    if joining { makeTail() }
    lastSequence = packet.sequence
    guard let made = try? decoder.decode(packet.payload, into: &decoded), made > discarding else {
      counters.malformed += 1
      conceal(max(120, packet.samples - discarding), holding: false)
      return
    }
    counters.decoded += 1
    if packet.isRedundant { counters.redundancyUsed += 1 }
    if joining {
      AudioKernels.crossfade(from: tail[..<(2 * Self.joint)], into: &decoded, start: discarding)
    } else {
      fadeBack(from: discarding, frames: made - discarding)
    }
    if fadingIn {
      AudioKernels.ramp(&decoded, start: discarding, frames: min(Self.joint, made - discarding), from: 0, to: 1)
    }
    enqueueDecoded(from: discarding, frames: made - discarding)
    position = packet.position &+ Int64(made)
    anchor = (packet.position, packet.captureTime)
    concealment.reset()
    concealment.isPause = OpusPacketInfo.isDiscontinuous(packet.payload)
  }

  mutating func enqueueDecoded(from start: Int = 0, frames: Int) {
    AudioKernels.bound(&decoded, frames: start + frames, to: Self.loudest)
    samples.append(decoded, from: start, frames: frames)
  }

  /// The decoder goes on from its own concealment by itself, but does not know how much of it was faded here.
  private mutating func fadeBack(from start: Int, frames: Int) {
    guard concealment.gain < 1 else { return }
    AudioKernels.ramp(&decoded, start: start, frames: min(Self.joint, frames), from: concealment.gain, to: 1)
  }

  /// How the sound would go on, at the level it has faded to.
  private mutating func makeTail() {
    let gain = concealment.gain
    let made = (try? decoder.conceal(frames: Self.joint, into: &tail)) ?? 0
    if made < Self.joint || gain < 1 {
      AudioKernels.ramp(&tail, start: 0, frames: Self.joint, from: made < Self.joint ? 0 : gain, to: 0)
    }
  }
}
