import MediaControl
import MixCore

/// Statistics, traces and metrics of a room.
extension RoomLoop {
  /// The room as `GET …/stats` shows it.
  func stats(_ reports: [PublisherReport]) -> RoomStats {
    let participants = reports.compactMap { report -> RoomStats.Participant? in
      let (own, guest) = (publishers[report.user], guests[report.user])
      guard let framesDecoded = own?.framesDecoded ?? guest?.framesDecoded, let size = own?.size ?? guest?.size else {
        return nil
      }
      let sound = program.audioStatistics(of: SourceID(report.user.rawValue))
      let sync = program.synchronization(of: SourceID(report.user.rawValue))
      return RoomStats.Participant(
        userId: report.user.rawValue, connected: report.connected, packetsReceived: report.packetsReceived,
        packetsLost: report.packetsLost, framesDecoded: framesDecoded, width: size.width,
        height: size.height, jitterMs: report.jitter.milliseconds,
        audioDelayMs: sound?.delay.milliseconds ?? 0, videoDelayMs: sync?.pictureDelay.milliseconds ?? 0,
        avSkewMs: sync?.skew.milliseconds ?? 0, concealedSamples: sound?.statistics.concealedSamples ?? 0,
        audioLevel: Double(sound?.statistics.rmsLevel ?? -127), linkedFrom: guest?.room.rawValue)
    }
    let counters = Dictionary(fanout.counters().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let outputs = outputs.filter { !$0.value.isRecording }.map { id, record in
      RoomStats.Output(
        id: id.rawValue, state: record.state, bytesSent: counters[id]?.bytes ?? 0,
        packetsDropped: counters[id]?.dropped ?? 0)
    }
    return RoomStats(
      framesComposed: framesComposed, ticksMissed: ticksMissed, viewers: viewers, participants: participants,
      outputs: outputs.sorted { $0.id < $1.id }, latency: latency)
  }

  /// Percentiles over the records the ledger still holds.
  private var latency: [String: LatencySummary] {
    let records = program.ledger.records
    var result: [String: LatencySummary] = [:]
    for stage in Stage.allCases {
      result[stage.rawValue] = Self.summary(records.compactMap { $0.duration(of: stage) })
    }
    result["mix"] = Self.summary(records.compactMap(\.mixLatency))
    return result
  }

  private static func summary(_ values: [MediaTime]) -> LatencySummary? {
    Percentiles(of: values).map {
      LatencySummary(
        p50: $0.p50.milliseconds, p95: $0.p95.milliseconds, p99: $0.p99.milliseconds, count: $0.count)
    }
  }

  func trace(seconds: Int) -> String {
    let from = MonotonicClock.now() - .seconds(Int64(min(max(seconds, 1), 60)))
    return TraceExport.json(of: program.ledger.records.filter { $0.picked >= from })
  }

  var metrics: RoomMetrics {
    var metrics = RoomMetrics(
      framesComposed: framesComposed, ticksMissed: ticksMissed, mediaDiscarded: mailbox.discarded, viewers: viewers,
      participants: publishers.count)
    metrics.stages = Stage.allCases.map { ($0, program.ledger.histogram(of: $0)) }
    metrics.mixLatency = program.ledger.mixLatency
    for record in outputs.values where !record.isRecording { metrics.outputs[record.state, default: 0] += 1 }
    metrics.recordings = outputs.values.count { $0.isRecording && $0.state == .live }
    return metrics
  }
}
