import MixCore
import Testing

/// A programme together with the hosts of other rooms, without any driver.
@Suite struct LinkTests {
  private static let canvas = PixelSize(width: 320, height: 180)
  private let host = SourceID("host")
  private let cohost = SourceID("cohost")
  private let guest = SourceID("guest")
  private let third = SourceID("third")
  private let pool = FramePool()

  private func program(_ timing: ProgramConfiguration.Timing = .live) -> Program {
    var program = Program(
      ProgramConfiguration(canvas: Self.canvas, frameRate: 25, layout: .pip(PipOptions()), timing: timing),
      start: .zero)
    _ = program.join(host, isHost: true, playout: nil, at: .zero)
    return program
  }

  private func halves(_ others: SourceID...) -> LinkedScene {
    LinkedScene(layout: .sideBySide(SideBySideOptions()), seats: [host] + others)
  }

  @Test("The other host is neither seen nor heard before the link, and fills his half in its first frame")
  func cut() throws {
    var program = program()
    let isAdded = program.addGuest(guest, playout: nil)
    #expect(isAdded)
    program.insert(
      SourcePicture(frame: try #require(pool.acquire(Self.canvas)), instant: .milliseconds(5)), for: guest,
      at: .milliseconds(5))
    let before = program.pickFrame(time: .milliseconds(40), at: .milliseconds(40))
    #expect(before.scene.layers.map(\.source) == [host] && before.pictures.map(\.source) == [host])
    program.setLink(halves(guest), at: .milliseconds(70))
    let linked = program.pickFrame(time: .milliseconds(80), at: .milliseconds(80))
    #expect(linked.scene.layers.map(\.source) == [host, guest])
    #expect(linked.scene.layers.map(\.rectangle.x) == [0, 160])
    #expect(linked.scene.layers.allSatisfy { $0.rectangle.size == PixelSize(width: 160, height: 180) })
    #expect(linked.pictures.first { $0.source == guest }?.state == .live)
    program.setLink(nil, at: .milliseconds(110))
    let after = program.pickFrame(time: .milliseconds(120), at: .milliseconds(120))
    #expect(after.scene == before.scene && after.pictures.map(\.source) == [host])
  }

  @Test("A host without media keeps his half, on either side, and nobody else moves")
  func absence() {
    var program = program()
    _ = program.addGuest(guest, playout: nil)
    program.setLink(halves(guest, third), at: .zero)
    let scene = program.scene
    #expect(scene.layers.map(\.source) == [host, guest, third])
    program.leave(host, at: .seconds(1))
    #expect(program.scene == scene)
    let job = program.pickFrame(time: .seconds(2), at: .seconds(2))
    #expect(job.scene == scene && job.pictures.map(\.source) == [guest])
    _ = program.join(host, isHost: true, playout: nil, at: .seconds(3))
    #expect(program.scene == scene)
  }

  @Test("A layout set during the link is the one the programme returns to")
  func ownLayout() {
    var program = program()
    _ = program.join(cohost, isHost: false, playout: nil, at: .zero)
    program.setLink(halves(guest), at: .zero)
    #expect(program.scene.layers.map(\.source) == [host, guest, cohost])
    program.setLayout(.grid(GridOptions()), at: .seconds(1))
    #expect(program.layoutName == "side-by-side" && program.scene.layers.count == 3)
    program.setLink(nil, at: .seconds(2))
    #expect(program.layoutName == "grid" && program.scene.layers.map(\.source) == [host, cohost])
  }

  @Test("Sound comes and goes with the link without a click")
  func sound() {
    var program = program(.offline)
    _ = program.addGuest(guest, playout: nil)
    var block = AudioBlock()
    for index in block.values.indices { block.values[index] = 0.4 }
    var mixed: [Float] = []
    for tick in Int64(0)..<60 {
      if tick == 20 { program.setLink(halves(guest), at: .milliseconds(tick * 10)) }
      if tick == 40 { program.setLink(nil, at: .milliseconds(tick * 10)) }
      program.provide(sound: block, for: guest)
      var result = AudioBlock()
      program.mixAudio(into: &result, at: .milliseconds(tick * 10))
      mixed += stride(from: 0, to: result.values.count, by: 2).map { result.values[$0] }
    }
    let (before, during, after) = (mixed[..<9_600], mixed[12_000..<19_000], mixed[22_000...])
    #expect(before.allSatisfy { $0 == 0 } && after.allSatisfy { abs($0) < 1e-4 })
    #expect(during.allSatisfy { abs($0 - 0.4) < 0.01 })
    let steepest = zip(mixed, mixed.dropFirst()).map { abs($1 - $0) }.max() ?? 1
    #expect(steepest < 0.002)
  }
}
