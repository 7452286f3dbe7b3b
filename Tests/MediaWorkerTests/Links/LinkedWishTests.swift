import MediaControl
import MixCore
import Testing

@testable import MediaWorker

@Suite struct LinkedWishTests {
  private let user = UserID(rawValue: "u")
  private let session = SessionID(rawValue: "s")
  private let shape = PixelSize(width: 1280, height: 720)
  private let tile = PixelSize(width: 320, height: 180)

  private func time(_ milliseconds: Int64) -> MediaTime { .seconds(100) + .milliseconds(milliseconds) }

  private func wish(_ size: PixelSize) -> VideoWish { WishRule.wish(for: size, shape: shape, frameRate: 30) }

  private func changes(_ board: inout WishBoard, at now: MediaTime, isGuest: Bool = false) -> [WishBoard.Change] {
    board.update(
      [.init(user: user, session: session, rectangle: tile, shape: shape, hasVideo: true, isGuest: isGuest)], at: now)
    var changes: [WishBoard.Change] = []
    while let change = board.nextChange(at: now) { changes.append(change) }
    return changes
  }

  @Test("The largest rectangle of all linked programmes counts for the sender, and no longer once the link has ended")
  func elsewhere() {
    var board = WishBoard(frameRate: 30)
    #expect(changes(&board, at: time(0)) == [.decoder(session, tile), .client(user, wish(tile))])
    let (half, quarter) = (PixelSize(width: 640, height: 720), PixelSize(width: 640, height: 360))
    board.setRectangle(quarter, of: user, elsewhere: RoomID(rawValue: "b"))
    board.setRectangle(half, of: user, elsewhere: RoomID(rawValue: "c"))
    #expect(changes(&board, at: time(5_000)) == [.client(user, wish(half))])
    board.setRectangle(nil, of: user, elsewhere: RoomID(rawValue: "c"))
    #expect(changes(&board, at: time(10_000)).isEmpty)
    #expect(changes(&board, at: time(11_000)) == [.client(user, wish(quarter))])
    board.setRectangle(nil, of: user, elsewhere: RoomID(rawValue: "b"))
    _ = changes(&board, at: time(20_000))
    #expect(changes(&board, at: time(21_000)) == [.client(user, wish(tile))])
  }

  @Test("A guest's decoder is told what is shown of him here, his client only by his own room")
  func guest() {
    var board = WishBoard(frameRate: 30)
    #expect(changes(&board, at: time(0), isGuest: true) == [.decoder(session, tile)])
  }
}
