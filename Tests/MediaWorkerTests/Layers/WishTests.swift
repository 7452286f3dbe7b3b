import MediaControl
import MixCore
import Testing

@testable import MediaWorker

@Suite struct WishTests {
  private let small = WishRule.wish(
    for: PixelSize(width: 320, height: 180), shape: PixelSize(width: 16, height: 9), frameRate: 30)
  private let large = WishRule.wish(
    for: PixelSize(width: 1280, height: 720), shape: PixelSize(width: 16, height: 9), frameRate: 30)

  private func time(_ milliseconds: Int64) -> MediaTime { .seconds(100) + .milliseconds(milliseconds) }

  @Test("The bitrate follows the pixels and the frame rate by the documented rule")
  func bitrates() {
    #expect(large == VideoWish(width: 1280, height: 720, frameRate: 30, bitrate: 2_500_000))
    #expect(small == VideoWish(width: 320, height: 180, frameRate: 30, bitrate: 200_000))
    #expect(WishRule.bitrate(of: PixelSize(width: 640, height: 360), frameRate: 30) == 710_000)
    #expect(WishRule.bitrate(of: PixelSize(width: 1280, height: 720), frameRate: 15) == 1_530_000)
  }

  @Test("A column that a wide picture must fill is paid for by the whole picture, and sizes come in steps")
  func covering() {
    let column = WishRule.wish(
      for: PixelSize(width: 638, height: 712), shape: PixelSize(width: 640, height: 360), frameRate: 30)
    #expect(column == VideoWish(width: 640, height: 720, frameRate: 30, bitrate: 2_500_000))
    let upright = WishRule.wish(
      for: PixelSize(width: 640, height: 720), shape: PixelSize(width: 360, height: 640), frameRate: 30)
    #expect(upright.bitrate == WishRule.bitrate(of: PixelSize(width: 640, height: 1137), frameRate: 30))
    #expect(WishRule.wish(for: nil, shape: PixelSize(width: 16, height: 9), frameRate: 30).isHidden)
  }

  @Test("More is asked for at once, less after the transition, and what hardly differs not at all")
  func timing() {
    var schedule = WishSchedule(isRateLimited: true)
    schedule.need(small, at: time(0))
    #expect(schedule.takeDue(at: time(0)) == small)
    schedule.need(large, at: time(5_000))
    #expect(schedule.takeDue(at: time(5_000)) == large)
    schedule.need(small, at: time(10_000))
    #expect(schedule.takeDue(at: time(10_999)) == nil)
    #expect(schedule.takeDue(at: time(11_000)) == small)
    var similar = small
    (similar.width, similar.bitrate) = (300, 195_000)
    schedule.need(similar, at: time(20_000))
    #expect(schedule.deadline == .distantFuture)
    schedule.need(.hidden, at: time(30_000))
    #expect(schedule.takeDue(at: time(32_900)) == nil)
    #expect(schedule.takeDue(at: time(33_000)) == .hidden)
  }

  @Test("Growth is told four times a second at most, and the last word is the right one")
  func growthRate() {
    var schedule = WishSchedule(isRateLimited: true)
    var told: [(time: Int64, wish: VideoWish)] = []
    var wish = small
    for moment in stride(from: Int64(0), to: 10_000, by: 10) {
      if moment < 9_000 { wish.width += 1 }
      schedule.need(wish, at: time(moment))
      if let wish = schedule.takeDue(at: time(moment)) { told.append((moment, wish)) }
    }
    #expect(told.prefix(2).map(\.time) == [0, 10])
    #expect((36...38).contains(told.count))
    for index in told.indices.dropFirst(4) { #expect(told[index].time - told[index - 4].time >= 1_000) }
    #expect(told.last?.wish == wish)
  }

  @Test("Less is told about once a second at most, and growth after it does not wait for that")
  func shrinkRate() {
    var schedule = WishSchedule(isRateLimited: true)
    schedule.need(small, at: time(0))
    #expect(schedule.takeDue(at: time(0)) == small)
    schedule.need(large, at: time(300))
    #expect(schedule.takeDue(at: time(300)) == large)
    schedule.need(small, at: time(600))
    #expect(schedule.takeDue(at: time(1_990)) == nil)
    #expect(schedule.takeDue(at: time(2_000)) == small)
    schedule.need(large, at: time(2_050))
    #expect(schedule.takeDue(at: time(2_050)) == large)
  }

  private func source(
    _ rectangle: PixelSize?, session: String = "s", hasVideo: Bool = true
  ) -> WishBoard.Source {
    WishBoard.Source(
      user: UserID(rawValue: "u"), session: SessionID(rawValue: session), rectangle: rectangle,
      shape: PixelSize(width: 1280, height: 720), hasVideo: hasVideo)
  }

  private func changes(_ board: inout WishBoard, at now: MediaTime) -> [WishBoard.Change] {
    var changes: [WishBoard.Change] = []
    while let change = board.nextChange(at: now) { changes.append(change) }
    return changes
  }

  @Test(
    "Who is neither in the programme nor seen on stage is asked for nothing, but only once a picture proved his camera")
  func hidden() {
    var board = WishBoard(frameRate: 30)
    let (user, session) = (UserID(rawValue: "u"), SessionID(rawValue: "s"))
    board.update([source(nil, hasVideo: false)], at: time(0))
    #expect(changes(&board, at: time(0)) == [.decoder(session, nil), .client(user, small)])
    #expect(changes(&board, at: time(9_000)).isEmpty)
    board.update([source(nil)], at: time(10_000))
    #expect(changes(&board, at: time(12_990)).isEmpty)
    #expect(changes(&board, at: time(13_000)) == [.client(user, .hidden)])
    board.update([source(PixelSize(width: 1280, height: 720))], at: time(20_000))
    #expect(
      changes(&board, at: time(20_000)) == [
        .decoder(session, PixelSize(width: 1280, height: 720)), .client(user, large),
      ])
  }

  @Test("The stage's tile counts for the sender and not for the decoder; a new publication is told everything anew")
  func stage() {
    var board = WishBoard(frameRate: 30)
    let (user, tile) = (UserID(rawValue: "u"), PixelSize(width: 320, height: 180))
    board.setStageHeight(360, of: user)
    board.update([source(tile)], at: time(0))
    let first = changes(&board, at: time(0))
    let wish = WishRule.wish(for: PixelSize(width: 640, height: 360), shape: tile, frameRate: 30)
    #expect(first == [.decoder(SessionID(rawValue: "s"), tile), .client(user, wish)])
    board.update([source(tile, session: "t")], at: time(100))
    #expect(changes(&board, at: time(100)) == [.decoder(SessionID(rawValue: "t"), tile), .client(user, wish)])
    board.setStageHeight(0, of: user)
    board.update([source(tile, session: "t")], at: time(5_000))
    #expect(changes(&board, at: time(6_000)) == [.client(user, small)])
  }
}
