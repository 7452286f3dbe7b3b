import MixCore
import Testing

/// Scenes that wait for the media they need.
@Suite struct SceneDelayTests {
  private let host = SourceID("host")
  private let guest = SourceID("guest")
  private let halves = Layout.sideBySide(SideBySideOptions())

  private func time(_ milliseconds: Int64) -> MediaTime { .milliseconds(milliseconds) }

  /// Two people, of whom one is a tile, at rest.
  private func makeProgram() -> Program {
    var program = Program(
      ProgramConfiguration(
        canvas: PixelSize(width: 320, height: 180), frameRate: 25, layout: .pip(PipOptions()), timing: .live),
      start: .zero)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    _ = program.join(guest, isHost: false, playout: nil, at: .zero)
    _ = shown(&program, 0)
    return program
  }

  private func shown(_ program: inout Program, _ milliseconds: Int64) -> Scene {
    program.pickFrame(time: time(milliseconds), at: time(milliseconds)).scene
  }

  @Test("Nothing moves before the time that was decided, which the next tick no longer asks for")
  func delayed() {
    var program = makeProgram()
    let before = shown(&program, 1_000)
    program.setLayout(halves, at: time(1_000))
    let asks = program.isSceneUndecided
    program.delayScene(until: time(1_200), atMost: time(700))
    let stillAsks = program.isSceneUndecided
    #expect(asks && !stillAsks)
    #expect(program.scene != before)
    for milliseconds in stride(from: Int64(1_000), through: 1_200, by: 40) {
      let scene = shown(&program, milliseconds)
      #expect(scene.layers.map(\.rectangle) == before.layers.map(\.rectangle))
    }
    let half = shown(&program, 1_350)
    let end = shown(&program, 1_500)
    #expect(half != before && half != end && end == program.scene)
  }

  @Test("Of many changes only the newest is shown, and they cannot put it off for ever")
  func stream() throws {
    var program = makeProgram()
    let before = shown(&program, 1_000)
    var moved: Int64?
    for milliseconds in stride(from: Int64(1_000), to: 2_000, by: 10) {
      let fraction = 0.3 + Double(milliseconds % 200) / 1_000
      program.setLayout(.pip(PipOptions(fraction: fraction)), at: time(milliseconds))
      program.delayScene(until: time(milliseconds + 200), atMost: time(700))
      let tile = shown(&program, milliseconds).layers.last?.rectangle
      if moved == nil, tile != before.layers.last?.rectangle { moved = milliseconds }
    }
    let time = try #require(moved)
    #expect((1_700...1_760).contains(time))
    let end = shown(&program, 3_000)
    #expect(end == program.scene)
  }

  @Test("A transition that runs goes on while the next scene waits, and turns from where it is")
  func running() throws {
    var program = makeProgram()
    let before = shown(&program, 1_000)
    program.setLayout(halves, at: time(1_000))
    let widths = try [1_000, 1_100].map { try width(of: host, in: shown(&program, $0)) }
    program.setLayout(.pip(PipOptions()), at: time(1_100))
    program.delayScene(until: time(1_250), atMost: time(700))
    let later = try [1_200, 1_250, 1_260].map { try width(of: host, in: shown(&program, $0)) }
    #expect(widths[0] == 320 && widths[1] < 320)
    #expect(later[0] < widths[1] && later[1] < later[0])
    #expect(abs(later[2] - later[1]) < 10)
    let end = shown(&program, 1_550)
    #expect(end == before)
  }

  private func width(of source: SourceID, in scene: Scene) throws -> Int {
    try #require(scene.layers.first { $0.source == source }).rectangle.width
  }

  @Test("A link cuts to its scene whatever waits")
  func link() {
    var program = makeProgram()
    program.setLayout(halves, at: time(1_000))
    program.delayScene(until: time(1_200), atMost: time(700))
    program.setLink(LinkedScene(layout: .grid(GridOptions()), seats: [guest, host]), at: time(1_050))
    let linked = shown(&program, 1_050)
    let later = shown(&program, 1_400)
    #expect(linked == program.scene && later == linked)
    #expect(linked.layers.map(\.source) == [guest, host])
  }
}
