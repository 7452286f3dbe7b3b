import MixCore
import Testing

@Suite struct PictureQueueTests {
  private let pool = FramePool()

  private func picture(at milliseconds: Int64) throws -> SourcePicture {
    let frame = try #require(pool.acquire(PixelSize(width: 16, height: 16)))
    return SourcePicture(frame: frame, instant: .milliseconds(milliseconds))
  }

  @Test("The newest picture that is due is picked, an older one never again")
  func picksNewest() throws {
    var queue = PictureQueue()
    for instant in [0, 10, 20, 30] as [Int64] { queue.insert(try picture(at: instant)) }
    #expect(queue.pick(at: .milliseconds(15))?.picture.instant == .milliseconds(10))
    #expect(queue.pick(at: .milliseconds(5))?.picture.instant == .milliseconds(10))
    #expect(queue.pick(at: .milliseconds(100))?.picture.instant == .milliseconds(30))
    #expect(queue.skipped == 2)
  }

  @Test("A picture shown again is called a repeat")
  func repeats() throws {
    var queue = PictureQueue()
    #expect(queue.pick(at: .zero) == nil)
    queue.insert(try picture(at: 0))
    #expect(queue.pick(at: .zero)?.isRepeat == false)
    #expect(queue.pick(at: .milliseconds(33))?.isRepeat == true)
  }

  @Test("A burst keeps only the newest pictures")
  func bounded() throws {
    var queue = PictureQueue()
    for instant in 0..<100 as Range<Int64> { queue.insert(try picture(at: instant)) }
    #expect(queue.pick(at: .seconds(1))?.picture.instant == .milliseconds(99))
    #expect(queue.skipped == 99)
  }

  @Test("Of a picture that comes much too late and the next one, that is picked which is nearer to its time")
  func passesOver() throws {
    let delay = MediaTime.milliseconds(100)
    let captures: [Int64] = [1_000, 1_067]
    func pick(at milliseconds: Int64) throws -> MediaTime? {
      var queue = PictureQueue()
      for captured in captures {
        var late = try picture(at: 1_150)
        late.timings.captured = .milliseconds(captured)
        queue.insert(late)
      }
      return queue.pick(at: .milliseconds(milliseconds), delay: delay)?.picture.timings.captured
    }
    // Due at 1 100 and 1 167 ms, both there at 1 150 ms.
    #expect(try pick(at: 1_149) == nil)
    #expect(try pick(at: 1_150) == .milliseconds(1_067))
    #expect(try pick(at: 1_155) == .milliseconds(1_067))
  }

  @Test("A late picture is shown while the next one is far off")
  func showsLate() throws {
    var queue = PictureQueue()
    for (captured, ready) in [(1_000, 1_130), (1_067, 1_131)] as [(Int64, Int64)] {
      var late = try picture(at: ready)
      late.timings.captured = .milliseconds(captured)
      queue.insert(late)
    }
    let first = queue.pick(at: .milliseconds(1_135), delay: .milliseconds(100))
    #expect(first?.picture.timings.captured == .milliseconds(1_000))
    // Once shown it stays until the next one is due.
    #expect(queue.pick(at: .milliseconds(1_160), delay: .milliseconds(100))?.isRepeat == true)
    #expect(queue.pick(at: .milliseconds(1_167), delay: .milliseconds(100))?.isRepeat == false)
  }
}
