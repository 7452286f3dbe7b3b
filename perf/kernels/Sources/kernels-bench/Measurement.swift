/// One job done by both sides.
struct Measurement {
  let name: String
  /// Microseconds of one run, the best of many.
  let ours: Double
  let libyuv: Double

  var ratio: Double { libyuv / ours }
}

/// Runs both sides in turn, so that a change of the machine's speed meets both, and keeps the best of each.
func measure(_ name: String, ours: () -> Void, libyuv: () -> Void) -> Measurement {
  let clock = ContinuousClock()
  var best = (ours: Double.infinity, libyuv: Double.infinity)
  for _ in 0..<400 {
    best.ours = min(best.ours, clock.measure(ours).microseconds)
    best.libyuv = min(best.libyuv, clock.measure(libyuv).microseconds)
  }
  return Measurement(name: name, ours: best.ours, libyuv: best.libyuv)
}

extension Duration {
  var microseconds: Double { Double(components.seconds) * 1e6 + Double(components.attoseconds) / 1e12 }
}
