public import MixCore
public import Outputs

/// The offline driver: the same programme as the live server, on a virtual clock, from files into one output.
///
/// Two renderings of the same request give the same bytes: nothing here depends on a clock or on threads.
public struct Renderer: ~Copyable {
  private let request: RenderRequest
  private let clock: RenderClock
  private var sources: [RenderSource] = []
  private var program: Program
  private var compositor = Compositor()
  private let canvases = FramePool(capacity: 2)
  private var encoders: RenderEncoders
  private let muxer: Muxer
  /// For error messages.
  private let destination: String
  private var block = AudioBlock()
  private var frames = 0

  private init(
    _ request: RenderRequest, clock: RenderClock, sources: [RenderSource], encoders: consuming RenderEncoders,
    muxer: Muxer, destination: String
  ) {
    self.request = request
    self.clock = clock
    self.sources = sources
    self.encoders = encoders
    self.muxer = muxer
    self.destination = destination
    program = Self.program(for: request)
    for source in sources { _ = program.join(source.id, isHost: source.isHost, playout: nil, at: .zero) }
  }

  /// Opens every input, the encoders and the output.
  public static func open(
    _ request: RenderRequest, clock: RenderClock, interrupt: InterruptFlag
  ) throws(RenderError) -> Renderer {
    guard request.cohosts.count < ProgramConfiguration.maximumParticipants else {
      throw .tooManyInputs(limit: ProgramConfiguration.maximumParticipants)
    }
    let destination: OutputDestination
    do throws(OutputError) {
      destination = try OutputDestination(request.output)
    } catch {
      throw .output("--output", error)
    }
    let sources = try open(request)
    let encoders = try RenderEncoders.open(request, container: destination.container)
    let muxer: Muxer
    do throws(OutputError) {
      muxer = try Muxer(destination, format: encoders.format, interrupt: interrupt, interleave: true)
    } catch {
      throw .output(destination.redacted, error)
    }
    return Renderer(
      request, clock: clock, sources: sources, encoders: encoders, muxer: muxer, destination: destination.redacted)
  }

  /// Renders until the host's file ends.
  /// - Parameter progress: called once per programme second with the time done; `false` stops early.
  public consuming func run(progress: (MediaTime) -> Bool) throws(RenderError) -> RenderReport {
    let started = clock.now()
    var time = MediaTime.zero
    while true {
      time = program.clock.nextDeadline
      guard let tick = program.clock.nextTick(at: time) else { continue }
      if try hostHasEnded(at: time) { break }
      if case .video(let number, _) = tick, number % Int64(request.frameRate) == 0, !progress(time) { break }
      if let sleep = clock.sleep { sleep(started + time) }
      switch tick {
      case .audio(let instant): try mixSound(at: instant)
      case .video(_, let instant): try renderFrame(at: instant)
      case .missedVideo: break
      }
    }
    try finish()
    return RenderReport(frames: frames, duration: time, records: program.ledger.records)
  }

  // MARK: Ticks

  private mutating func mixSound(at time: MediaTime) throws(RenderError) {
    for source in sources {
      if try source.sound(at: time, into: &block) { program.provide(sound: block, for: source.id) }
    }
    program.mixAudio(into: &block, at: time)
    if let packet = try encoders.encode(block, time: time) { try write(packet) }
  }

  private mutating func renderFrame(at time: MediaTime) throws(RenderError) {
    try takePictures(at: time)
    let job = program.pickFrame(time: time, at: time)
    guard let canvas = canvases.acquire(request.size) else { return }
    let composeStarted = clock.now()
    compositor.render(job.scene, pictures: job.pictures, into: canvas)
    let composed = clock.now()
    let packet = try encoders.encode(canvas, time: time, ledgerID: job.id)
    let encoded = clock.now()
    if let packet {
      try write(packet)
      frames += 1
    }
    let written = clock.now()
    program.stamp { ledger in
      ledger.stampPicked(job.id, at: composeStarted)
      ledger.stampComposed(job.id, started: composeStarted, finished: composed)
      ledger.stampEncoded(job.id, at: encoded)
      ledger.stampFirstByte(job.id, at: written)
    }
  }

  /// Decodes what is shown at `time`; a co-host whose file has ended leaves the stage.
  private mutating func takePictures(at time: MediaTime) throws(RenderError) {
    for (index, source) in sources.enumerated().reversed() where !source.isHost {
      guard try source.hasEnded(at: time) else { continue }
      program.leave(source.id, at: time)
      sources.remove(at: index)
    }
    for source in sources {
      let started = clock.now()
      guard let frame = try source.newPicture(at: time) else { continue }
      var timings = FrameTimings()
      timings.captured = time
      timings.decodeStarted = started
      timings.assembled = started
      timings.decoded = clock.now()
      program.insert(SourcePicture(frame: frame, instant: time, timings: timings), for: source.id, at: time)
    }
  }

  private func hostHasEnded(at time: MediaTime) throws(RenderError) -> Bool {
    guard let host = sources.first(where: \.isHost) else { return true }
    return try host.hasEnded(at: time)
  }

  // MARK: Output

  private func write(_ packet: EncodedPacket) throws(RenderError) {
    do throws(OutputError) { try muxer.write(packet) } catch { throw .output(destination, error) }
  }

  private mutating func finish() throws(RenderError) {
    for packet in encoders.flush() { try write(packet) }
    do throws(OutputError) { try muxer.finish() } catch { throw .output(destination, error) }
  }

  // MARK: Set-up

  private static func open(_ request: RenderRequest) throws(RenderError) -> [RenderSource] {
    var sources = [try RenderSource(path: request.host, id: SourceID("host"), isHost: true)]
    for (index, path) in request.cohosts.enumerated() {
      sources.append(try RenderSource(path: path, id: SourceID("cohost-\(index + 1)"), isHost: false))
    }
    return sources
  }

  private static func program(for request: RenderRequest) -> Program {
    var layout = Layout.pip(PipOptions())
    if case .layout(let chosen) = request.arrangement { layout = chosen }
    var program = Program(
      ProgramConfiguration(canvas: request.size, frameRate: request.frameRate, layout: layout, timing: .offline),
      start: .zero)
    if case .scene(let scene) = request.arrangement { program.setScene(scene, at: .zero) }
    return program
  }
}
