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
}
