import MixCore

/// A bucket that leaks at the rate packets may leave; audio fills it too, but never waits for it.
struct Pacer: Sendable {
  /// What may leave at once, and how often it is looked whether more may: frames that fit are not delayed at all.
  static let burst = 0.01
  private static let step = 0.005

  /// In bits per second; `nil` lets everything pass.
  var rate: Double?
  /// Bytes that left ahead of the rate.
  private var level = 0.0
  private(set) var updated = MediaTime.distantPast

  mutating func advance(to now: MediaTime) {
    guard now > updated else { return }
    level = max(0, level - (rate ?? .infinity) / 8 * min((now - updated).seconds, 10))
    updated = now
  }

  var allows: Bool { rate.map { level < max($0 / 8 * Self.burst, 1) } ?? true }

  mutating func note(_ bytes: Int) { if rate != nil { level += Double(bytes) } }

  /// When half of the bucket is empty again.
  var deadline: MediaTime {
    guard let rate, !allows else { return updated }
    return updated + MediaTime(seconds: max((level * 8 / rate) - Self.step, 0.001))
  }

  /// How long so many bytes take.
  func time(for bytes: Int) -> MediaTime { rate.map { MediaTime(seconds: Double(bytes) * 8 / $0) } ?? .zero }
}
