import MediaControl
import MixCore

/// What is wanted of every publisher of a room: of his client, and of the worker's own decoder.
struct WishBoard: Sendable {
  /// One publisher as the room sees him now.
  struct Source: Sendable {
    var user: UserID
    /// A new publication is told everything anew.
    var session: SessionID
    /// His largest rectangle in the programme; `nil` while he is in none that anybody sees.
    var rectangle: PixelSize?
    /// Of his picture, or, until the first one, of the canvas.
    var shape: PixelSize
    /// A picture of him was decoded, so that the room knows of his camera.
    var hasVideo: Bool
    /// The host of a linked room: his own room tells his client what to send.
    var isGuest = false
  }

  enum Change: Sendable, Equatable {
    /// For the publisher's client.
    case client(UserID, VideoWish)
    /// For the network loop: decode pictures for this rectangle, or none.
    case decoder(SessionID, PixelSize?)
  }

  private struct Entry: Sendable {
    var user: UserID
    var session: SessionID
    var client = WishSchedule(isRateLimited: true)
    var decoder = WishSchedule(isRateLimited: false)
    /// What his decoded pictures are worth; 0 before the first one.
    var pictured = 0

    /// When what his rectangle in the programme needs can have come: from his client, and from a larger layer of what
    /// his client sends, if he is not decoded large enough.
    var ready: MediaTime {
      guard let rectangle = decoder.needed else { return .distantPast }
      return max(client.ready(for: rectangle), decoder.ready(for: rectangle, sent: pictured))
    }
  }

  private let frameRate: Int
  private var entries: [Entry] = []
  /// Heights of the tiles in which other participants see a user.
  private var stageHeights: [UserID: Int] = [:]
  /// Rectangles in the programmes of linked rooms.
  private var elsewhere: [UserID: [RoomID: PixelSize]] = [:]
  private(set) var deadline = MediaTime.distantFuture

  /// Enough to know that there is a camera, while nobody looks.
  private static let trial = PixelSize(width: 320, height: 180)

  init(frameRate: Int) { self.frameRate = frameRate }

  /// - Parameter height: of the largest tile in which somebody on stage sees him; 0 for none.
  mutating func setStageHeight(_ height: Int, of user: UserID) { stageHeights[user] = height > 0 ? height : nil }

  mutating func setRectangle(_ size: PixelSize?, of user: UserID, elsewhere room: RoomID) {
    elsewhere[user, default: [:]][room] = size
    if elsewhere[user]?.isEmpty == true { elsewhere[user] = nil }
  }

  /// The room as it is now. Who is missing is forgotten.
  mutating func update(_ sources: [Source], at now: MediaTime) {
    entries.removeAll { entry in !sources.contains { $0.user == entry.user && $0.session == entry.session } }
    for source in sources { note(source, at: now) }
    findDeadline()
  }

  private mutating func note(_ source: Source, at now: MediaTime) {
    let index = entries.firstIndex { $0.user == source.user } ?? entries.count
    if index == entries.count { entries.append(Entry(user: source.user, session: source.session)) }
    let programme = WishRule.wish(for: source.rectangle, shape: source.shape, frameRate: frameRate)
    entries[index].decoder.need(programme, at: now)
    entries[index].pictured = source.hasVideo ? WishRule.bitrate(of: source.shape, frameRate: frameRate) : 0
    guard !source.isGuest else { return }
    let others = Array((elsewhere[source.user] ?? [:]).values) + [stageTile(of: source)].compactMap { $0 }
    var wanted = others.reduce(programme) { wanted, size in
      let other = WishRule.wish(for: size, shape: source.shape, frameRate: frameRate)
      return other.bitrate > wanted.bitrate ? other : wanted
    }
    if wanted.isHidden, !source.hasVideo {
      wanted = WishRule.wish(for: Self.trial, shape: source.shape, frameRate: frameRate)
    }
    entries[index].client.need(wanted, at: now)
  }

  /// Tiles have the proportions of what they show.
  private func stageTile(of source: Source) -> PixelSize? {
    guard let height = stageHeights[source.user] else { return nil }
    return PixelSize(width: height * source.shape.width / max(1, source.shape.height), height: height)
  }

  /// The next change that is due; call until `nil`.
  mutating func nextChange(at now: MediaTime) -> Change? {
    guard deadline <= now else { return nil }
    for index in entries.indices {
      if let wish = entries[index].decoder.takeDue(at: now) {
        let size = wish.isHidden ? nil : PixelSize(width: wish.width, height: wish.height)
        return .decoder(entries[index].session, size)
      }
      if let wish = entries[index].client.takeDue(at: now) { return .client(entries[index].user, wish) }
    }
    findDeadline()
    return nil
  }

  /// When everybody can have followed what the programme needs of him; long ago where nothing grows.
  var ready: MediaTime { entries.reduce(.distantPast) { max($0, $1.ready) } }

  private mutating func findDeadline() {
    deadline = entries.reduce(.distantFuture) { min($0, min($1.client.deadline, $1.decoder.deadline)) }
  }
}
