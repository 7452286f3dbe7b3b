import MediaControl
import MixCore
import Outputs
import Synchronization
import Transport

/// The tick loop of one room: owns its programme, mixes its sound, says what each frame shows.
final class RoomLoop: @unchecked Sendable {
  // @unchecked: everything but `mailbox` is touched by the loop's own thread only, from `run` on.

  let room: RoomID
  let mailbox = Mailbox<RoomMessage>()
  let net: Mailbox<NetMessage>
  let emit: @Sendable (MediaEvent) -> Void
  let settings: ProgramSettings
  let fanout = ProgramFanout()
  let encoder: ProgramEncoder
  var program: Program
  var publishers: [UserID: PublisherState] = [:]
  /// Who sends sound of which nothing was decoded yet.
  var unheard: Set<UserID> = []
  /// The hosts of linked rooms.
  var guests: [UserID: GuestState] = [:]
  /// What the room is linked with now, and what will become of that.
  var link: LinkTable.Group?
  var coming: LinkChange?
  var outputs: [OutputID: OutputRecord] = [:]
  var framesComposed = 0
  var ticksMissed = 0
  var viewers = 0
  var sound: ProgramSound
  var wishes: WishBoard
  /// Something came that may change who is seen how large.
  var wishesMayChange = false
  private var block = AudioBlock()
  private var spare: [RoomMessage] = []
  private var stopReply: Reply?

  init(
    room: RoomID, settings: ProgramSettings, layout: Layout, pool: WorkPool, net: Mailbox<NetMessage>,
    emit: @escaping @Sendable (MediaEvent) -> Void
  ) {
    self.room = room
    self.settings = settings
    self.net = net
    self.emit = emit
    let start = MonotonicClock.now()
    let configuration = ProgramConfiguration(
      canvas: PixelSize(width: settings.width, height: settings.height), frameRate: settings.frameRate, layout: layout,
      timing: .live)
    program = Program(configuration, start: start)
    wishes = WishBoard(frameRate: settings.frameRate)
    sound = ProgramSound(room: room, start: start, fanout: fanout, net: net)
    encoder = ProgramEncoder(
      room: room, settings: settings, start: start, pool: pool, fanout: fanout, net: net, mailbox: mailbox)
  }

  func start() { LoopThread.start("mix-room") { self.run() } }

  private func run() {
    while stopReply == nil {
      if mailbox.wakeup.wait(until: program.nextDeadline).isSignalled { mailbox.wakeup.clear() }
      readMailbox()
      updateWishes()
      tick()
    }
    mailbox.close()
    let workers = fanout.close()
    for worker in workers { worker.requestStop() }
    for worker in workers { worker.stop() }
    stopReply?(.success(.done))
  }

  private func readMailbox() {
    mailbox.exchange(&spare)
    for message in spare {
      handle(message)
      if !message.isMedia { wishesMayChange = true }
    }
    // Pictures go back to their pools now, not with the next messages.
    spare.removeAll(keepingCapacity: true)
  }

  // MARK: Ticks

  private func tick() {
    let now = MonotonicClock.now()
    switchProgramme(at: now)
    while let tick = program.nextTick(at: now) {
      switch tick {
      case .audio(let time): mixAudio(time: time)
      case .video(_, let time): compose(time: time, at: now)
      case .missedVideo(let count): ticksMissed += Int(count)
      }
    }
  }

  /// At the tick's own instant, however late the loop is: sound that is caught up is taken as if it were in time. Its
  /// packets carry earlier times; the receiver's player puts both together again.
  private func mixAudio(time: MediaTime) {
    program.mixAudio(into: &block, at: program.clock.start + time)
    announceSound()
    sound.encode(block, time: time - Program.soundLag)
  }

  private func compose(time: MediaTime, at now: MediaTime) {
    guard encoder.demand.withLock({ !$0.isEmpty }) else { return program.passFrame(time: time, at: now) }
    if encoder.isBehind {
      ticksMissed += 1
      return program.passFrame(time: time, at: now)
    }
    framesComposed += 1
    encoder.submit(program.pickFrame(time: time, at: now))
  }

  // MARK: Messages

  private func handle(_ message: RoomMessage) {
    switch message {
    case .join(let user, let role, let session): join(user, role: role, session: session)
    case .leave(let user, let session): leave(user, session: session)
    case .picture(let user, let picture): insert(picture, from: user)
    case .audio(let user, let packet): insert(packet, from: user)
    case .setLayout(let layout, let reply):
      program.setLayout(layout, at: MonotonicClock.now())
      reply(.success(.scene(sceneDescription)))
      emit(.sceneChanged(room, sceneDescription))
    case .setParticipant(let user, let controls, let reply):
      reply(set(controls, of: user))
      if publishers[user] != nil { net.send(.controls(room, user, controls)) }
    case .link(let change): prepare(change)
    case .guestJoined(let user, let session, let controls): guestJoined(user, session: session, controls: controls)
    case .guestLeft(let user, let session): guestLeft(user, session: session)
    case .guestPicture(let user, let picture): insert(picture, fromGuest: user)
    case .guestAudio(let user, let packet): insert(packet, fromGuest: user)
    case .shownElsewhere(let user, let other, let size): wishes.setRectangle(size, of: user, elsewhere: other)
    case .addOutput(let id, let destination, let reach, let reply):
      addOutput(id, destination: destination, reach: reach, reply: reply)
    case .removeOutput(let id, let reply): reply(removeOutput(id))
    case .finishOutput(let id, let reply): finishOutput(id, reply: reply)
    case .outputPhase(let id, let phase): outputChanged(id, phase: phase)
    case .stageTile(let user, let height): wishes.setStageHeight(height, of: user)
    case .viewerChanged(let codec, let change): viewerChanged(codec, by: change)
    case .keyFrameNeeded(let codec): encoder.demand.withLock { _ = $0.keyFrames.insert(codec) }
    case .frameDone(let stamps): stamp(stamps)
    case .firstByte(let id, let time): program.stamp { $0.stampFirstByte(id, at: time) }
    case .stats(let reports, let reply): reply(.success(.stats(stats(reports))))
    case .trace(let seconds, let reply): reply(.success(.trace(trace(seconds: seconds))))
    case .metrics(let answer): answer(metrics)
    case .stop(let reply): stopReply = reply
    }
  }

  private func stamp(_ stamps: FrameStamps) {
    program.stamp { ledger in
      ledger.stampComposed(stamps.id, started: stamps.composeStarted, finished: stamps.composed)
      if stamps.encoded != .zero { ledger.stampEncoded(stamps.id, at: stamps.encoded) }
      if stamps.packetized != .zero { ledger.stampPacketized(stamps.id, at: stamps.packetized) }
    }
  }

  private func viewerChanged(_ codec: VideoCodec?, by change: Int) {
    viewers += change
    sound.viewers += change
    guard let codec else { return }
    encoder.demand.withLock { demand in
      demand.viewers[codec, default: 0] += change
      if change > 0 { demand.keyFrames.insert(codec) }
    }
    if change < 0 { encoder.release() }
  }
}
