import MixCore
import Testing

/// The engine without any driver: time is what the test says it is.
@Suite struct ProgramTests {
  private static let canvas = PixelSize(width: 320, height: 180)
  private let host = SourceID("host")
  private let guest = SourceID("guest")
  private let pool = FramePool()

  private func makeProgram(_ timing: ProgramConfiguration.Timing) -> Program {
    Program(
      ProgramConfiguration(canvas: Self.canvas, frameRate: 25, layout: .pip(PipOptions()), timing: timing),
      start: .zero)
  }

  private func picture(at instant: MediaTime) throws -> SourcePicture {
    SourcePicture(frame: try #require(pool.acquire(Self.canvas)), instant: instant)
  }

  @Test("The host is always the lowest layer, whoever came first")
  func hostBelow() {
    var program = makeProgram(.offline)
    let guestJoined = program.join(guest, isHost: false, playout: nil, at: .zero)
    let hostJoined = program.join(host, isHost: true, playout: nil, at: .zero)
    #expect(guestJoined && hostJoined)
    #expect(program.scene.layers.map(\.source) == [host, guest])
    #expect(program.scene.layers[0].rectangle == Rectangle(x: 0, y: 0, width: 320, height: 180))
  }

  @Test("Nobody joins twice, and the seventeenth is refused")
  func full() {
    var program = makeProgram(.offline)
    for number in 0..<16 {
      let joined = program.join(SourceID("\(number)"), isHost: number == 0, playout: nil, at: .zero)
      #expect(joined)
    }
    let again = program.join(SourceID("3"), isHost: false, playout: nil, at: .zero)
    let further = program.join(SourceID("16"), isHost: false, playout: nil, at: .zero)
    #expect(!again && !further)
    #expect(program.scene.layers.count == 16)
  }

  @Test("Who publishes anew on a full stage is back at once and heard as soon as his former sound has faded")
  func replacementOnFullStage() {
    var program = makeProgram(.offline)
    for number in 0..<16 { _ = program.join(SourceID("\(number)"), isHost: number == 0, playout: nil, at: .zero) }
    var block = AudioBlock()
    for index in block.values.indices { block.values[index] = 0.2 }
    func mixed(_ ticks: Range<Int64>) -> Float {
      var result = AudioBlock()
      for tick in ticks {
        for number in 0..<16 { program.provide(sound: number == 3 ? block : AudioBlock(), for: SourceID("\(number)")) }
        program.mixAudio(into: &result, at: .milliseconds(tick * 10))
      }
      return result.values.last ?? 0
    }
    #expect(abs(mixed(0..<10) - 0.2) < 0.01)
    program.leave(SourceID("3"), at: .milliseconds(100))
    let isBack = program.join(SourceID("3"), isHost: false, playout: nil, at: .milliseconds(100))
    #expect(isBack)
    #expect(abs(mixed(10..<20) - 0.2) < 0.01)
  }

  @Test("A live picture is dimmed after one second and replaced after three")
  func staleness() throws {
    var program = makeProgram(.live)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    program.insert(try picture(at: .zero), for: host, at: .zero)
    func state(at milliseconds: Int64) -> LayerPicture.State? {
      let job = program.pickFrame(time: .milliseconds(milliseconds), at: .milliseconds(milliseconds))
      return job.pictures.first?.state
    }
    #expect(state(at: 10) == .live)
    #expect(state(at: 900) == .live)
    #expect(state(at: 1_100) == .stale)
    #expect(state(at: 3_100) == .placeholder)
    program.insert(try picture(at: .milliseconds(3_200)), for: host, at: .milliseconds(3_200))
    #expect(state(at: 3_200) == .live)
  }

  @Test("A file's picture holds as long as it must")
  func offlineHolds() throws {
    var program = makeProgram(.offline)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    program.insert(try picture(at: .zero), for: host, at: .zero)
    let job = program.pickFrame(time: .seconds(100), at: .seconds(100))
    #expect(job.pictures.first?.state == .live)
  }

  @Test("A camera that is turned off shows the placeholder at once")
  func cameraOff() throws {
    var program = makeProgram(.live)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    program.insert(try picture(at: .zero), for: host, at: .zero)
    let known = program.setControls(host, muted: nil, volume: nil, camera: false)
    #expect(known)
    #expect(program.pickFrame(time: .zero, at: .zero).pictures.first?.state == .placeholder)
    let unknown = program.setControls(guest, muted: true, volume: nil, camera: nil)
    #expect(!unknown)
  }

  @Test("Sounds are added, and a muted one fades to nothing")
  func mixing() {
    var program = makeProgram(.offline)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    _ = program.join(guest, isHost: false, playout: nil, at: .zero)
    var block = AudioBlock()
    for index in block.values.indices { block.values[index] = 0.2 }
    func mixed(_ ticks: Range<Int64>) -> Float {
      var result = AudioBlock()
      for tick in ticks {
        program.provide(sound: block, for: host)
        program.provide(sound: block, for: guest)
        program.mixAudio(into: &result, at: .milliseconds(tick * 10))
      }
      return result.values.last ?? 0
    }
    #expect(abs(mixed(0..<20) - 0.4) < 0.01)
    _ = program.setControls(guest, muted: true, volume: nil, camera: nil)
    #expect(abs(mixed(20..<40) - 0.2) < 0.01)
    program.leave(host, at: .milliseconds(400))
    #expect(abs(mixed(40..<60)) < 0.001)
  }

  @Test("Muting, unmuting and turning the volume never make a click")
  func noClicks() {
    var program = makeProgram(.offline)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    var block = AudioBlock()
    for index in block.values.indices { block.values[index] = 0.4 }
    var result = AudioBlock()
    var last: Float = 0
    var largestStep: Float = 0
    for tick in 0..<Int64(120) {
      if tick % 10 == 5 { _ = program.setControls(host, muted: tick % 20 == 5, volume: nil, camera: nil) }
      if tick % 30 == 7 { _ = program.setControls(host, muted: nil, volume: tick % 60 == 7 ? 1.5 : 0.2, camera: nil) }
      program.provide(sound: block, for: host)
      program.mixAudio(into: &result, at: .milliseconds(tick * 10))
      for frame in 0..<AudioFormat.tickFrames {
        largestStep = max(largestStep, abs(result.values[2 * frame] - last))
        last = result.values[2 * frame]
      }
    }
    #expect(largestStep < 0.005)
  }

  @Test("A size that changes with every picture and a camera that goes off and on never miss a tick")
  func changesMidStream() throws {
    var program = makeProgram(.live)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    let sizes = [
      PixelSize(width: 320, height: 180), PixelSize(width: 16, height: 16), PixelSize(width: 180, height: 320),
    ]
    var frames = 0
    var missed: Int64 = 0
    var sizesShown: Set<Int> = []
    for millisecond in 0..<Int64(4_000) {
      let now = MediaTime.milliseconds(millisecond)
      if millisecond % 40 == 7 {
        let frame = try #require(pool.acquire(sizes[Int(millisecond / 40) % sizes.count]))
        program.insert(SourcePicture(frame: frame, instant: now), for: host, at: now)
      }
      if millisecond % 500 == 0 {
        _ = program.setControls(host, muted: nil, volume: nil, camera: millisecond % 1_000 == 0)
      }
      while let tick = program.nextTick(at: now) {
        if case .missedVideo(let count) = tick { missed += count }
        guard case .video(_, let time) = tick else { continue }
        frames += 1
        if let frame = program.pickFrame(time: time, at: now).pictures[0].frame { sizesShown.insert(frame.width) }
      }
    }
    #expect(missed == 0 && (99...101).contains(frames))
    #expect(sizesShown == [320, 16, 180])
  }

  @Test("A layer of a fixed scene appears only while its source is there")
  func fixedScene() {
    var program = makeProgram(.offline)
    let rectangle = Rectangle(x: 10, y: 10, width: 100, height: 50)
    program.setScene(
      Scene(canvas: Self.canvas, layers: [Layer(source: guest, rectangle: rectangle)]), at: .zero)
    #expect(program.scene.layers.isEmpty)
    _ = program.join(guest, isHost: false, playout: nil, at: .zero)
    #expect(program.scene.layers.map(\.rectangle) == [rectangle])
    program.setLayout(.grid(GridOptions()), at: .zero)
    #expect(program.scene.layers.map(\.rectangle) == [Rectangle(x: 0, y: 0, width: 320, height: 180)])
  }

  @Test("A live change of layout moves the tiles and ends exactly in the new scene")
  func transition() throws {
    var program = makeProgram(.live)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    _ = program.join(guest, isHost: false, playout: nil, at: .zero)
    _ = program.pickFrame(time: .seconds(1), at: .seconds(1))
    program.setLayout(.sideBySide(SideBySideOptions()), at: .seconds(1))
    let half = program.pickFrame(time: .zero, at: .seconds(1) + TransitionTiming.duration / 2).scene
    let end = program.pickFrame(time: .zero, at: .seconds(1) + TransitionTiming.duration).scene
    #expect(end == program.scene)
    #expect(half != end)
    let width = try #require(half.layers.first { $0.source == host }).rectangle.width
    #expect(width > 160 && width < 320)
  }
}
