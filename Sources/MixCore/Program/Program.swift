/// The mixing engine of one room: who is in the picture, what is shown and heard at each tick.
///
/// A value without sockets, threads or clock; the live and the offline driver feed it sound and pictures, ask its clock
/// which ticks are due and carry out what a tick returns. Composing and encoding happen outside, on any thread.
public struct Program: ~Copyable {
  public let configuration: ProgramConfiguration
  public var clock: ProgramClock
  public private(set) var ledger = Ledger()

  var members: [ProgramMember] = []
  private var layout: Layout
  /// Takes the place of the layout while the programme is linked with others.
  var linkedScene: LinkedScene?
  /// Takes the place of the layout where one was given.
  private var fixedScene: Scene?
  var motion: SceneMotion
  private var mixer = AudioMixer()

  public init(_ configuration: ProgramConfiguration, start: MediaTime) {
    self.configuration = configuration
    clock = ProgramClock(start: start, frameRate: configuration.frameRate)
    layout = configuration.layout
    motion = SceneMotion(configuration.layout.scene(canvas: configuration.canvas, participants: []))
  }

  // MARK: Membership and scene

  /// Adds a participant. Live ones bring a playout buffer, files give their sound with `provide(sound:)`.
  /// - Returns: `false` when the stage is full or the participant is there already.
  public mutating func join(
    _ id: SourceID, isHost: Bool, playout: consuming AudioPlayout?, at now: MediaTime
  ) -> Bool {
    guard index(of: id) == nil, members.count < ProgramConfiguration.maximumParticipants else { return false }
    let member = ProgramMember(id: id, isHost: isHost, playout: playout)
    members.insert(member, at: isHost ? 0 : members.count)
    rearrange(at: now)
    return true
  }

  public mutating func leave(_ id: SourceID, at now: MediaTime) {
    guard let index = index(of: id) else { return }
    members.remove(at: index)
    rearrange(at: now)
  }

  /// A participant sends anew, from another device perhaps: his place, his controls and his last picture stay.
  public mutating func restart(_ id: SourceID, playout: consuming AudioPlayout?) {
    member(id)?.restart(playout: playout)
  }

  public mutating func setLayout(_ layout: Layout, at now: MediaTime) {
    self.layout = layout
    fixedScene = nil
    rearrange(at: now)
  }

  /// Shows exactly `scene`, less the layers of those who are not there.
  public mutating func setScene(_ scene: Scene, at now: MediaTime) {
    fixedScene = scene
    rearrange(at: now)
  }

  /// The scene after any transition, running or yet to begin.
  public var scene: Scene { motion.target }
  /// Another scene was asked for since the last tick, and nobody has said when the way there begins.
  public var isSceneUndecided: Bool { motion.isUndecided }

  /// Puts off the way to the new scene until `start`, but no longer than `longest` after the first change that waits.
  /// Without this it begins with the next tick.
  public mutating func delayScene(until start: MediaTime, atMost longest: MediaTime) {
    motion.delay(until: start, atMost: longest)
  }

  public var layoutName: String { linkedScene?.layout.name ?? layout.name }
  public var isEmpty: Bool { members.isEmpty }

  public mutating func setControls(_ id: SourceID, muted: Bool?, volume: Float?, camera: Bool?) -> Bool {
    guard let member = member(id) else { return false }
    if let muted { member.muted = muted }
    if let volume { member.volume = min(max(volume, 0), 2) }
    if let camera { member.cameraOn = camera }
    return true
  }

  // MARK: Media in

  /// A decoded picture of a participant became ready at `now`.
  public mutating func insert(_ picture: SourcePicture, for id: SourceID, at now: MediaTime) {
    guard let member = member(id) else { return }
    member.insert(picture, at: now)
    if member.isHost { releaseHostPictures(by: now) }
  }

  public mutating func insert(
    audio payload: [UInt8], sequence: Int64, timestamp: Int64, arrival: MediaTime, captureTime: MediaTime,
    isRedundant: Bool = false, for id: SourceID
  ) {
    guard let member = member(id) else { return }
    if !isRedundant { member.sync.soundArrived(captured: captureTime, at: arrival) }
    member.playout?.insert(
      payload: payload, sequence: sequence, timestamp: timestamp, arrival: arrival, captureTime: captureTime,
      isRedundant: isRedundant)
  }

  /// Ten milliseconds of a file's sound for the coming audio tick.
  public mutating func provide(sound block: AudioBlock, for id: SourceID) {
    guard let member = member(id) else { return }
    member.block = block
    member.hasSound = true
  }

  // MARK: Ticks

  /// When `nextTick` must be asked again at the latest.
  public var nextDeadline: MediaTime {
    guard configuration.timing == .live, let host = members.first(where: \.isHost),
      let release = host.pictures.nextRelease(delay: host.sync.pictureDelay)
    else { return clock.nextDeadline }
    return min(clock.nextDeadline, release)
  }

  /// The next tick that is due at `now`, live; call until `nil`.
  public mutating func nextTick(at now: MediaTime) -> ProgramClock.Tick? {
    releaseHostPictures(by: now)
    return clock.nextTick(at: now)
  }

  /// The clock follows the host's pictures as they are released, which is more even than as they were decoded.
  private mutating func releaseHostPictures(by now: MediaTime) {
    guard configuration.timing == .live, let host = members.first(where: \.isHost),
      let release = host.pictures.release(by: now, delay: host.sync.pictureDelay)
    else { return }
    clock.hostPictureReady(at: release)
  }

  /// By how much a live programme's sound packets are to carry earlier times than the ticks they were mixed at: then they
  /// meet the pictures of the same capture, see `MemberSync`.
  public static var soundLag: MediaTime { MemberSync.soundLag + AudioMixer.latency }

  /// Mixes the ten milliseconds of the tick at `now`.
  public mutating func mixAudio(into block: inout AudioBlock, at now: MediaTime) {
    mixer.begin()
    for member in members {
      guard member.takeSound(at: now), member.isOnStage else { continue }
      if member.slot == nil { member.slot = freeSlot() }
      if let slot = member.slot { mixer.add(member.block, slot: slot, gain: member.gain) }
    }
    mixer.finish(into: &block)
  }

  /// Decides what the frame for `time` shows. `now` is the local clock; for files it equals `time`.
  public mutating func pickFrame(time: MediaTime, at now: MediaTime) -> CompositionJob {
    motion.advance(to: now)
    let scene = motion.shown(at: now)
    var pictures: [LayerPicture] = []
    var entries: [ProgramFrameRecord.LayerEntry] = []
    for member in members {
      if configuration.timing == .live { member.synchronize(at: now, clock: clock) }
      let (picture, entry) = member.pick(at: now, instant: clock.start + time, timing: configuration.timing)
      guard member.isOnStage else { continue }
      pictures.append(picture)
      entries.append(entry)
    }
    let id = ledger.open(time: time, layers: entries, picked: now)
    return CompositionJob(id: id, scene: scene, pictures: pictures, time: time)
  }

  /// The frame for `time` is not made, because nobody watches or because the machine is too slow: time passes for the
  /// pictures all the same.
  public mutating func passFrame(time: MediaTime, at now: MediaTime) {
    motion.advance(to: now)
    for member in members {
      member.synchronize(at: now, clock: clock)
      _ = member.pick(at: now, instant: clock.start + time, timing: configuration.timing)
    }
  }

  /// Ledger stamps of what happened to a picked frame outside.
  public mutating func stamp(_ change: (inout Ledger) -> Void) { change(&ledger) }

  // MARK: Looking in

  /// Sound statistics of a live participant.
  public func audioStatistics(of id: SourceID) -> (delay: MediaTime, statistics: AudioPlayoutStatistics)? {
    member(id)?.playout?.report()
  }

  /// Whether sound of a live participant was decoded, not only sent.
  public func isHeard(_ id: SourceID) -> Bool { member(id)?.playout?.hasDecoded() ?? false }

  /// How long after its capture a live participant's picture is shown, and by how much his sound is later than that on
  /// the programme's time line.
  public func synchronization(of id: SourceID) -> (pictureDelay: MediaTime, skew: MediaTime)? {
    member(id).map { ($0.sync.pictureAge, $0.sync.skew) }
  }

  // MARK: Helpers

  func index(of id: SourceID) -> Int? { members.firstIndex { $0.id == id } }
  private func member(_ id: SourceID) -> ProgramMember? { members.first { $0.id == id } }

  private func freeSlot() -> Int? {
    (0..<AudioMixer.slots).first { slot in mixer.isFree(slot: slot) && !members.contains { $0.slot == slot } }
  }

  /// Works out the scene anew; tiles move there unless the picture was empty.
  private mutating func rearrange(at now: MediaTime) {
    let (shown, target) = (motion.shown(at: now), scene(linked: linkedScene))
    let isAnimated = configuration.timing == .live && !shown.layers.isEmpty && !target.layers.isEmpty
    if isAnimated { motion.move(to: target, at: now) } else { motion.cut(to: target) }
  }

  /// As it would be together with others, or alone.
  public func scene(linked: LinkedScene?) -> Scene {
    let own = members.lazy.filter { !$0.isGuest }.map(LayoutParticipant.init)
    if let linked { return linked.scene(canvas: configuration.canvas, others: Array(own)) }
    if var scene = fixedScene {
      scene.layers.removeAll { index(of: $0.source) == nil }
      return scene
    }
    return layout.scene(canvas: configuration.canvas, participants: Array(own))
  }
}

/// What one programme frame shows; everything needed to draw it on another thread.
public struct CompositionJob: Sendable {
  /// Row of the ledger.
  public var id: UInt64
  public var scene: Scene
  public var pictures: [LayerPicture]
  public var time: MediaTime

  public init(id: UInt64, scene: Scene, pictures: [LayerPicture], time: MediaTime) {
    self.id = id
    self.scene = scene
    self.pictures = pictures
    self.time = time
  }
}
