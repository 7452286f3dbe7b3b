import Testing

@testable import MediaWorker

@Suite("Sound on stage")
struct StageSoundTests {
  private static let source: UInt32 = 7

  private func pass(_ sequences: some Sequence<UInt16>, to sound: inout StageSound, muted: Bool = false) -> [UInt16] {
    sequences.compactMap { sound.pass($0, ssrc: Self.source, isMuted: muted) }
  }

  @Test("Nothing is heard of who is muted, and afterwards no number is missing")
  func numbers() {
    var sound = StageSound()
    #expect(pass(65_530...65_535, to: &sound) == Array(65_530...65_535))
    #expect(pass(0..<500, to: &sound, muted: true).isEmpty)
    #expect(pass(500..<510, to: &sound) == Array(0..<10))
    #expect(pass(510..<512, to: &sound, muted: true).isEmpty)
    #expect(pass(512..<514, to: &sound) == [10, 11])
  }

  @Test("What was said before and comes late stays unheard, and numbers are right half a million packets later")
  func late() {
    var sound = StageSound()
    _ = pass(0..<10, to: &sound)
    _ = pass([10, 12, 13], to: &sound, muted: true)
    #expect(pass([14, 11, 15, 13, 16], to: &sound) == [10, 11, 12])
    var expected: UInt16 = 13
    var wrong = 0
    for number in 17..<500_000 {
      if sound.pass(UInt16(truncatingIfNeeded: number), ssrc: Self.source, isMuted: false) != expected { wrong += 1 }
      expected &+= 1
    }
    #expect(wrong == 0)
  }

  @Test("Reordered packets keep their places")
  func reordering() {
    var sound = StageSound()
    #expect(pass([5, 7, 6, 8], to: &sound) == [5, 7, 6, 8])
    #expect(pass([9, 10], to: &sound, muted: true).isEmpty)
    #expect(pass([11, 13, 12, 14], to: &sound) == [9, 11, 10, 12])
  }

  @Test("Who is numbered anew is heard, whether he was muted before or not", arguments: [30_000, 38_000])
  func numberedAnew(start: UInt16) {
    var sound = StageSound()
    _ = pass(40_000..<40_003, to: &sound)
    #expect(pass(start..<(start + 2), to: &sound) == [40_003, 40_004])
    _ = pass((start + 2)..<(start + 5), to: &sound, muted: true)
    #expect(pass((start + 5)..<(start + 7), to: &sound) == [40_005, 40_006])
    #expect(pass((start - 5_000)..<(start - 4_998), to: &sound) == [40_007, 40_008])
  }

  @Test("A new source begins with its own numbers")
  func newSource() {
    var sound = StageSound()
    _ = pass(0..<3, to: &sound)
    _ = pass(3..<9, to: &sound, muted: true)
    #expect(sound.pass(40_000, ssrc: 8, isMuted: false) == 40_000)
    #expect(sound.pass(40_001, ssrc: 8, isMuted: true) == nil)
    #expect(sound.pass(40_002, ssrc: 8, isMuted: false) == 40_001)
  }

  @Test("Who was muted from the beginning begins with the first packet that is heard")
  func mutedFirst() {
    var sound = StageSound()
    #expect(pass(0..<50, to: &sound, muted: true).isEmpty)
    #expect(pass(50..<53, to: &sound) == [50, 51, 52])
  }
}
