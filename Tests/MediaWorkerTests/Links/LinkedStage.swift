import MediaControl
import MediaWorker
import MixCore
import SyntheticClient
import Testing

/// Some rooms of one worker, each with a host who has a colour and a tone of his own, and a viewer.
struct LinkedStage {
  struct Show {
    let live: LiveRoom
    var host: SyntheticPublisher
    let viewer: SyntheticViewer
    let linked: LinkedRoom
    let tone: Double
    let hue: Int
  }

  static let tones = [440.0, 660, 990, 1_500]
  var shows: [Show] = []
  var worker: MediaWorker { shows[0].live.worker }

  init(_ settings: [ProgramSettings]) async throws {
    for (hue, settings) in settings.enumerated() {
      let live = try await LiveRoom("room-\(hue)", in: shows.first?.live.worker, settings: settings)
      let host = try await live.publisher("host-\(hue)", role: .host, tone: Self.tones[hue], hue: hue)
      let viewer = try await live.viewer(codecs: [.vp8])
      let linked = LinkedRoom(room: live.room, host: UserID(rawValue: "host-\(hue)"))
      shows.append(
        Show(live: live, host: host, viewer: viewer, linked: linked, tone: Self.tones[hue], hue: hue))
    }
    #expect(try await eventually { $0.viewer.statistics.framesDecoded > 20 })
  }

  static func small(_ count: Int) -> [ProgramSettings] {
    Array(
      repeating: ProgramSettings(width: 640, height: 360, frameRate: 20, videoBitrate: 800_000), count: count)
  }

  func link(_ numbers: [Int], layout: String = "side-by-side") async throws {
    _ = try await worker.perform(.linkRooms(numbers.map { shows[$0].linked }, LayoutRequest(layout: layout)))
  }

  func unlink(_ numbers: [Int]) async throws {
    _ = try await worker.perform(.unlinkRooms(numbers.map { shows[$0].linked.room }))
  }

  func missedTicks() async throws -> [Int] {
    var missed: [Int] = []
    for show in shows { missed.append(try await show.live.stats().ticksMissed) }
    return missed
  }

  func stop() async {
    for show in shows {
      await show.host.stop()
      await show.viewer.stop()
    }
    await worker.shutdown()
  }

  /// All shows come to fulfil `condition`.
  func eventually(_ condition: (Show) async throws -> Bool) async throws -> Bool {
    try await shows[0].live.eventually {
      for show in shows where try await !condition(show) { return false }
      return true
    }
  }
}

extension LinkedStage.Show {
  /// The base colours at these places (in shares of the picture), as hues; `nil` where there is none of the hosts'.
  func hues(at places: [(x: Double, y: Double)]) -> [Int?] {
    guard let picture = viewer.statistics.picture else { return [] }
    return places.map { picture.hue(x: $0.x, y: $0.y) }
  }

  func hears(_ tones: [Double]) -> Bool {
    let report = viewer.statistics
    return LinkedStage.tones.allSatisfy { (report.toneAmplitude(hertz: $0) > 0.02) == tones.contains($0) }
  }

  /// When the programme first showed something new of `user` after `begin`, on the worker's clock in milliseconds.
  func firstShown(_ user: String, since begin: MediaTime) async throws -> Double? {
    guard case .trace(let text) = try await live.worker.perform(.trace(live.room, seconds: 30)) else { return nil }
    let lines = text.split(separator: "\n")
    guard let name = lines.first(where: { $0.contains("\"\(user)\"") }), let track = name.number("\"tid\":") else {
      return nil
    }
    let shown = lines.lazy.filter { $0.contains("\"name\":\"wait\"") && $0.number("\"tid\":") == track }
    let times = shown.compactMap { line in
      line.number("\"ts\":").flatMap { start in line.number("\"dur\":").map { (start + $0) / 1_000 } }
    }
    return times.filter { $0 >= begin.milliseconds }.min()
  }
}

extension Substring {
  fileprivate func number(_ key: String) -> Double? {
    guard let range = firstRange(of: key) else { return nil }
    return Double(self[range.upperBound...].prefix { $0.isNumber || $0 == "." })
  }
}

extension VideoFrame {
  /// The participant whose base colour is at that place.
  func hue(x: Double, y: Double) -> Int? {
    let (column, row) = (Int(x * Double(chromaWidth)), Int(y * Double(chromaHeight)))
    let (blue, red) = unsafe (Int(u.base[row * u.stride + column]), Int(v.base[row * v.stride + column]))
    return (0..<4).first { hue in
      let color = TestColor.base(hue: hue)
      return abs(Int(color.u) - blue) < 12 && abs(Int(color.v) - red) < 12
    }
  }
}
