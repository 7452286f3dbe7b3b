/// Tells a way that has become longer, or timestamps that stood still for a while, from packets that were held up.
///
/// What was held up comes in a heap, each packet less late than the one before, until they are in time again. Packets
/// that are all later than any delay allows and yet come no faster than their timestamps will never be: that is how late
/// they are from now on.
struct DetourWatch: Sendable {
  private struct Run: Sendable {
    var start: MediaTime
    var lateness: MediaTime
    var packets = 1
  }

  private static let length = MediaTime.milliseconds(140)
  private static let enough = 4
  /// Whoever makes good more than this within a run is catching up.
  private static let tolerance = MediaTime.milliseconds(20)

  /// Packets too late one after another.
  private var run: Run?

  /// A packet came `lateness` after its time, where nothing later than `limit` is played. Answers how many of the
  /// packets that came last tell how late packets are now, once they do.
  mutating func note(lateness: MediaTime, limit: MediaTime, arrival: MediaTime) -> Int? {
    guard lateness > limit else {
      run = nil
      return nil
    }
    guard var current = run, lateness >= current.lateness - Self.tolerance else {
      run = Run(start: arrival, lateness: lateness)
      return nil
    }
    current.packets += 1
    let isOver = current.packets >= Self.enough && arrival - current.start >= Self.length
    run = isOver ? nil : current
    return isOver ? current.packets : nil
  }
}
