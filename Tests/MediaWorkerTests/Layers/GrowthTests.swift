import MediaControl
import MixCore
import Synchronization
import Testing

@testable import MediaWorker

/// A programme and its wishes in virtual time, driven as a room's loop drives them.
private final class Show {
  struct Telling {
    var time: Int64
    var user: String
    var wish: VideoWish
  }

  private static let canvas = PixelSize(width: 1280, height: 720)

  /// In milliseconds.
  private(set) var now: Int64 = 0
  private(set) var told: [Telling] = []
  private(set) var frames: [(time: Int64, scene: Scene)] = []
  private(set) var program: Program
  private var board = WishBoard(frameRate: 30)
  private var users: [String] = []
  private let isWatched: Bool

  /// The first one is the host.
  init(_ layout: Layout, _ users: String..., isWatched: Bool = true) {
    self.isWatched = isWatched
    program = Program(
      ProgramConfiguration(canvas: Self.canvas, frameRate: 30, layout: layout, timing: .live), start: .zero)
    users.forEach(join)
  }

  func join(_ user: String) {
    _ = program.join(SourceID(user), isHost: users.isEmpty, playout: nil, at: .milliseconds(now))
    users.append(user)
  }

  func leave(_ user: String) {
    program.leave(SourceID(user), at: .milliseconds(now))
    users.removeAll { $0 == user }
  }

  func setLayout(_ layout: Layout) { program.setLayout(layout, at: .milliseconds(now)) }

  func run(until end: Int64) {
    while now < end {
      turn(at: .milliseconds(now))
      now += 10
    }
  }

  private func turn(at time: MediaTime) {
    board.update(sources, at: time)
    while let change = board.nextChange(at: time) {
      guard case .client(let user, let wish) = change else { continue }
      told.append(Telling(time: now, user: user.rawValue, wish: wish))
    }
    program.waitForMedia(board)
    frames.append((now, program.pickFrame(time: time, at: time).scene))
  }

  private var sources: [WishBoard.Source] {
    users.map { user in
      let layer = isWatched ? program.scene.layers.first { $0.source.rawValue == user } : nil
      return WishBoard.Source(
        user: UserID(rawValue: user), session: SessionID(rawValue: user), rectangle: layer?.rectangle.size,
        shape: Self.canvas, hasVideo: true)
    }
  }

  // MARK: What came of it

  func times(of user: String) -> [Int64] { told.filter { $0.user == user }.map(\.time) }

  /// The first frame since `start` that shows more of `user` than is worth `bitrate`.
  func firstFrame(of user: String, above bitrate: Int, since start: Int64) -> Int64? {
    frames.first { $0.time >= start && Self.bitrate(of: user, in: $0.scene) > bitrate }?.time
  }

  /// Frames that showed somebody clearly larger than his client had been told by then.
  var unannounced: [String] {
    frames.flatMap { time, scene in
      users.filter { user in
        let wish = told.last { $0.user == user && $0.time <= time }?.wish.bitrate ?? 0
        return Double(wish) < 0.8 * Double(Self.bitrate(of: user, in: scene))
      }.map { "\($0) at \(time)" }
    }
  }

  private static func bitrate(of user: String, in scene: Scene) -> Int {
    let layer = scene.layers.first { $0.source.rawValue == user }
    return WishRule.wish(for: layer?.rectangle.size, shape: canvas, frameRate: 30).bitrate
  }
}

/// Nobody is seen larger before his client was told and had time to follow.
@Suite struct GrowthTests {
  private let pip = Layout.pip(PipOptions())
  private let grid = Layout.grid(GridOptions())
  private let halves = Layout.sideBySide(SideBySideOptions())
  /// A quarter more than 320 × 180 and 640 × 360 are worth.
  private let aboveTile = 250_000
  private let aboveQuarter = 890_000

  @Test("A layout in which somebody grows is told at once and begins 200 ms later")
  func announced() throws {
    let show = Show(pip, "host", "guest")
    show.run(until: 5_000)
    let before = try #require(show.frames.last?.scene)
    show.setLayout(halves)
    show.run(until: 6_000)
    #expect(show.times(of: "guest") == [0, 5_000])
    let waiting = show.frames.filter { (5_000..<5_200).contains($0.time) }
    #expect(waiting.count == 20 && waiting.allSatisfy { $0.scene == before })
    let first = try #require(show.firstFrame(of: "guest", above: 200_000, since: 5_000))
    #expect((5_200...5_250).contains(first))
    #expect(show.frames.last?.scene == show.program.scene)
    #expect(show.unannounced.isEmpty)
  }

  @Test("Four layouts within 900 ms: each growth is told at once, and seen no sooner than 200 ms after that")
  func sequence() throws {
    let show = Show(pip, "host", "a", "b")
    for (time, layout) in [(300, grid), (600, pip), (900, halves)] as [(Int64, Layout)] {
      show.run(until: time)
      show.setLayout(layout)
    }
    show.run(until: 2_000)
    #expect(show.times(of: "a") == [0, 300, 900] && show.times(of: "b") == [0, 300, 900])
    let quarter = try #require(show.firstFrame(of: "a", above: aboveTile, since: 0))
    let column = try #require(show.firstFrame(of: "a", above: aboveQuarter, since: 0))
    #expect((500..<600).contains(quarter) && (1_100..<1_300).contains(column))
    let atRest = show.frames.first { $0.time == 1_400 }?.scene
    #expect(atRest == show.program.scene)
    #expect(show.unannounced.isEmpty)
  }

  @Test("Changes without end begin all the same, are all announced, and end in the newest layout")
  func flood() throws {
    let show = Show(pip, "host", "a", "b")
    show.run(until: 5_000)
    let layouts = [grid, pip, halves, Layout.pip(PipOptions(fraction: 0.5))]
    for number in 0..<60 {
      show.setLayout(layouts[number % 4])
      show.run(until: 5_050 + Int64(number) * 50)
    }
    let grown = try #require(show.firstFrame(of: "a", above: aboveTile, since: 5_000))
    #expect((5_200...5_700).contains(grown))
    show.run(until: 8_500)
    #expect(show.frames.last?.scene == show.program.scene)
    #expect(show.unannounced.isEmpty)
  }

  @Test("Who joins is asked before his rectangle appears, and the others before they take the place of who leaves")
  func comingAndGoing() throws {
    let show = Show(grid, "host", "a")
    show.run(until: 5_000)
    show.join("b")
    show.run(until: 10_000)
    #expect(show.times(of: "b") == [5_000])
    let appears = try #require(show.firstFrame(of: "b", above: 0, since: 0))
    #expect((5_200...5_250).contains(appears))
    #expect(show.times(of: "a").last == 6_000)
    show.leave("b")
    show.run(until: 11_000)
    #expect(show.times(of: "a").last == 10_000)
    let grown = try #require(show.firstFrame(of: "a", above: aboveQuarter, since: 10_000))
    #expect((10_200..<10_400).contains(grown))
    #expect(show.unannounced.isEmpty)
  }

  @Test("Where nobody has to send more the transition begins at once: after growth, and while nobody watches")
  func atOnce() throws {
    let shrinking = Show(halves, "host", "a")
    shrinking.run(until: 5_000)
    shrinking.setLayout(pip)
    let unseen = Show(pip, "host", "a", isWatched: false)
    unseen.run(until: 5_000)
    unseen.setLayout(halves)
    for show in [shrinking, unseen] {
      let before = try #require(show.frames.last?.scene)
      show.run(until: 6_000)
      let moved = show.frames.first { $0.time >= 5_000 && $0.scene.layers != before.layers }?.time
      let time = try #require(moved)
      #expect(time <= 5_050)
    }
  }

  @Test(
    "Larger pictures that come anyhow are not waited for, but another simulcast layer is",
    arguments: [(PixelSize(width: 1280, height: 720), false), (PixelSize(width: 320, height: 180), true)])
  func layers(decoded: PixelSize, waits: Bool) {
    var board = WishBoard(frameRate: 30)
    let user = UserID(rawValue: "u")
    func show(_ rectangle: PixelSize, at now: MediaTime) {
      board.update(
        [
          WishBoard.Source(
            user: user, session: SessionID(rawValue: "s"), rectangle: rectangle, shape: decoded, hasVideo: true)
        ], at: now)
      while board.nextChange(at: now) != nil {}
    }
    board.setStageHeight(720, of: user)
    show(PixelSize(width: 320, height: 180), at: .seconds(10))
    show(PixelSize(width: 640, height: 720), at: .seconds(20))
    let wait = board.ready - .seconds(20)
    #expect(waits ? wait == WishSchedule.lead : wait <= .zero)
  }

  @Test("The room's loop tells the client at once and lets the scene wait")
  func loop() throws {
    let told = Mutex<[VideoWish]>([])
    let (host, guest) = (UserID(rawValue: "host"), UserID(rawValue: "guest"))
    let loop = RoomLoop(
      room: RoomID(rawValue: "room"),
      settings: ProgramSettings(width: 1280, height: 720, frameRate: 30, videoBitrate: 1_000_000), layout: pip,
      pool: WorkPool(threads: 1), net: Mailbox<NetMessage>(),
      emit: { event in
        guard case .videoWish(_, let user, let wish) = event, user == guest else { return }
        told.withLock { $0.append(wish) }
      })
    loop.encoder.demand.withLock { $0.viewers[.h264] = 1 }
    loop.join(host, role: .host, session: SessionID(rawValue: "1"))
    loop.join(guest, role: .cohost, session: SessionID(rawValue: "2"))
    let before = loop.program.pickFrame(time: .zero, at: MonotonicClock.now()).scene
    loop.program.setLayout(halves, at: MonotonicClock.now())
    loop.wishesMayChange = true
    let asked = MonotonicClock.now()
    loop.updateWishes()
    let width = told.withLock { $0.last?.width }
    #expect(width == 640)
    let waiting = loop.program.pickFrame(time: .milliseconds(40), at: asked + .milliseconds(199)).scene
    #expect(waiting.layers.map(\.rectangle) == before.layers.map(\.rectangle))
    let end = loop.program.pickFrame(time: .milliseconds(80), at: MonotonicClock.now() + .seconds(2)).scene
    #expect(end.layers.map(\.rectangle.width) == [640, 640])
  }
}
