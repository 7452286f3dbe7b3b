import MediaControl
import MixCore

/// The worker's part of `/metrics`.
enum MetricsReport {
  static func snapshot(rooms: [RoomMetrics], net: NetCounters) -> MetricsSnapshot {
    var snapshot = MetricsSnapshot()
    snapshot.samples = roomSamples(rooms) + outputSamples(rooms) + netSamples(net)
    snapshot.histograms = Stage.allCases.map { stage in
      let parts = rooms.flatMap { room in room.stages.filter { $0.0 == stage }.map(\.1) }
      return histogram(
        "stage_seconds", help: "Time a programme frame spent in a stage.", labels: ["stage": stage.rawValue], parts)
    }
    snapshot.histograms.append(
      histogram(
        "mix_latency_seconds", help: "Last packet of the host's frame in to first byte of the mixed frame out.",
        labels: [:], rooms.map(\.mixLatency)))
    return snapshot
  }

  private static func roomSamples(_ rooms: [RoomMetrics]) -> [MetricSample] {
    [
      MetricSample(name: "media_rooms", help: "Rooms in this worker.", kind: .gauge, value: Double(rooms.count)),
      MetricSample(
        name: "participants", help: "Participants on stage.", kind: .gauge, value: sum(rooms, \.participants)),
      MetricSample(name: "webrtc_viewers", help: "Connected WHEP viewers.", kind: .gauge, value: sum(rooms, \.viewers)),
      MetricSample(
        name: "recordings", help: "Programmes that are being recorded.", kind: .gauge, value: sum(rooms, \.recordings)),
      MetricSample(
        name: "frames_composed_total", help: "Programme frames composed by the open rooms.", kind: .counter,
        value: sum(rooms, \.framesComposed)),
      MetricSample(
        name: "ticks_missed_total", help: "Picture ticks given up by the open rooms.", kind: .counter,
        value: sum(rooms, \.ticksMissed)),
      MetricSample(
        name: "media_discarded_total", help: "Pictures and packets the open rooms threw away while they stood still.",
        kind: .counter, value: sum(rooms, \.mediaDiscarded)),
    ]
  }

  private static func outputSamples(_ rooms: [RoomMetrics]) -> [MetricSample] {
    [OutputState.connecting, .live, .retrying, .failed].map { state in
      let count = rooms.reduce(0) { $0 + $1.outputs[state, default: 0] }
      return MetricSample(
        name: "outputs", help: "Outputs by state.", kind: .gauge, labels: ["state": state.rawValue],
        value: Double(count))
    }
  }

  private static func netSamples(_ net: NetCounters) -> [MetricSample] {
    [
      MetricSample(
        name: "webrtc_sessions", help: "Open WebRTC sessions.", kind: .gauge, value: Double(net.sessions)),
      MetricSample(
        name: "send_failures_total", help: "Times the kernel took fewer datagrams than were ready.", kind: .counter,
        value: Double(net.sendFailures)),
      MetricSample(
        name: "datagrams_received_total", help: "Datagrams read from the media socket.", kind: .counter,
        value: Double(net.datagramsReceived)),
      MetricSample(
        name: "datagrams_unknown_total", help: "Datagrams that belong to no session.", kind: .counter,
        value: Double(net.datagramsUnknown)),
      MetricSample(
        name: "datagrams_dropped_total", help: "Datagrams refused by their session.", kind: .counter,
        value: Double(net.datagramsDropped)),
    ]
  }

  private static func histogram(
    _ name: String, help: String, labels: [String: String], _ parts: [LatencyHistogram]
  ) -> MetricHistogram {
    var counts = [Int](repeating: 0, count: LatencyHistogram.bounds.count)
    for part in parts {
      for (index, count) in part.cumulative.enumerated() { counts[index] += count }
    }
    return MetricHistogram(
      name: name, help: help, labels: labels, bounds: LatencyHistogram.bounds, counts: counts,
      total: parts.reduce(0) { $0 + $1.total }, sum: parts.reduce(0) { $0 + $1.sum })
  }

  private static func sum(_ rooms: [RoomMetrics], _ value: KeyPath<RoomMetrics, Int>) -> Double {
    Double(rooms.reduce(0) { $0 + $1[keyPath: value] })
  }
}
