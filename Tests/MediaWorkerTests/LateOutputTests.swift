import Foundation
import MediaControl
import MediaWorker
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct LateOutputTests {
  /// Threads of outputs in this process.
  private static var outputThreads: Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let names = tasks.map { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
    return names.count { $0?.hasPrefix("mix-output") == true }
  }

  @Test("An output that begins while its room ends leaves nothing behind")
  func roomEnds() async throws {
    let before = Self.outputThreads
    let worker = try MediaWorker(.onLoopback)
    for number in 0..<10 {
      let live = try await LiveRoom("room-\(number)", in: worker)
      // Nobody listens there: it would be tried again for ever.
      let url = "rtmp://127.0.0.1:9/live/key"
      _ = try await worker.perform(.addOutput(live.room, OutputID(rawValue: "push"), url: url, allowsPrivate: true))
      _ = try await worker.perform(.closeRoom(live.room))
    }
    let live = try await LiveRoom("last", in: worker)
    #expect(try await live.eventually { Self.outputThreads <= before })
    await worker.shutdown()
  }
}
