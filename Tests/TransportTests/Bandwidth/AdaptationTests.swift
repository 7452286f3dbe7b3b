import MixCore
import NetworkSimulation
import Testing

@testable import Transport

@Suite("The rate of a path")
struct AdaptationTests {
  static func path(_ rate: Int?, loss: Double = 0, delay: MediaTime = .milliseconds(20)) -> NetworkConditions {
    var path = NetworkConditions(loss: loss, delay: delay)
    path.rate = rate
    return path
  }

  @Test("explore")
  func explore() throws {
    for (name, path, encoder) in [
      ("clean 5M", Self.path(5_000_000), FakeEncoder.Rate.available(maximum: 2_500_000)),
      ("10% loss 5M", Self.path(5_000_000, loss: 0.1), .available(maximum: 2_500_000)),
      ("wide fixed", Self.path(nil), .fixed(2_500_000)),
    ] {
      var run = try RateRun(path, encoder: encoder)
      run.play(for: .seconds(20))
      print("== \(name)\n\(run.describe())")
    }
    var run = try RateRun(Self.path(1_000_000), encoder: .available(maximum: 2_500_000))
    run.play(for: .seconds(15))
    run.conditions = Self.path(300_000)
    run.play(for: .seconds(15))
    run.conditions = Self.path(1_000_000)
    run.play(for: .seconds(25))
    print(
      "== A5\n\(run.describe())\n\(run.network) sounds \(run.soundsSent) arrived \(run.received.audioPackets.count)")
    var viewer = try RateRun(Self.path(5_000_000), encoder: .fixed(2_500_000), clientSends: false)
    viewer.play(for: .seconds(10))
    viewer.conditions = Self.path(300_000)
    viewer.play(for: .seconds(15))
    viewer.conditions = Self.path(5_000_000)
    viewer.play(for: .seconds(20))
    print(
      "== viewer\n\(viewer.describe())\n\(viewer.network) sounds \(viewer.soundsSent) arrived \(viewer.received.audioPackets.count) requests \(viewer.keyFrameRequests)"
    )
  }
}
