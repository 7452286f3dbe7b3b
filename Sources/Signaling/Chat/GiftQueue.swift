/// Gifts that were taken and that everybody is still to be told of, those of one combo together.
///
/// Told are those that have waited long enough, whatever else the room is told; then, while it has space, those with a
/// price, then the others, each as they came.
struct GiftQueue: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var news: GiftNews
    let isPriced: Bool
    let earliest: Instant
    let latest: Instant
  }

  private let limit: Int
  private var entries: [Entry] = []

  init(limit: Int) { self.limit = limit }

  var count: Int { entries.count }

  func contains(_ message: String) -> Bool { entries.contains { $0.news.message == message } }

  /// Whether one combo more may wait. Half of the places are kept for gifts with a price.
  func hasPlace(isPriced: Bool) -> Bool { entries.count < (isPriced ? limit : limit / 2) }

  /// - Parameters:
  ///   - earliest: when they may be told.
  ///   - latest: when they are told whatever else goes on.
  mutating func add(_ news: GiftNews, isPriced: Bool, from earliest: Instant, until latest: Instant) {
    if let index = entries.firstIndex(where: { $0.news.message == news.message }) {
      entries[index].news.count += news.count
      entries[index].news.combo = news.combo
    } else {
      entries.append(Entry(news: news, isPriced: isPriced, earliest: earliest, latest: latest))
    }
  }

  mutating func remove(_ message: String) { entries.removeAll { $0.news.message == message } }

  /// When something can be told of a room that has space from `free` on.
  func due(whenFree free: Instant) -> Instant? {
    entries.map { min(max($0.earliest, free), $0.latest) }.min()
  }

  /// What is told next, if there is anything.
  mutating func take(at now: Instant, hasSpace: Bool) -> GiftNews? {
    let overdue = entries.firstIndex { $0.latest <= now }
    guard let index = overdue ?? (hasSpace ? next(at: now) : nil) else { return nil }
    return entries.remove(at: index).news
  }

  private func next(at now: Instant) -> Int? {
    entries.firstIndex { $0.isPriced && $0.earliest <= now } ?? entries.firstIndex { $0.earliest <= now }
  }

  mutating func takeAll() -> [GiftNews] {
    defer { entries.removeAll() }
    return entries.map(\.news)
  }
}
