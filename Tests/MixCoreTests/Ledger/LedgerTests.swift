import MixCore
import Testing

@Suite struct LedgerTests {
  private func timings() -> FrameTimings {
    var timings = FrameTimings()
    timings.firstPacket = .milliseconds(100)
    timings.lastPacket = .milliseconds(102)
    timings.assembled = .milliseconds(103)
    timings.decodeStarted = .milliseconds(103)
    timings.decoded = .milliseconds(106)
    return timings
  }

  private func completeFrame(_ ledger: inout Ledger, isRepeat: Bool = false) -> UInt64 {
    let entry = ProgramFrameRecord.LayerEntry(source: SourceID("host"), timings: timings(), isRepeat: isRepeat)
    let id = ledger.open(time: .zero, layers: [entry], picked: .milliseconds(107))
    ledger.stampComposed(id, started: .milliseconds(107), finished: .milliseconds(108))
    ledger.stampEncoded(id, at: .milliseconds(112))
    ledger.stampFirstByte(id, at: .milliseconds(113))
    return id
  }

  @Test("Stage times are the distances between the stamps")
  func stages() throws {
    var ledger = Ledger()
    let id = completeFrame(&ledger)
    let record = try #require(ledger[id])
    #expect(record.duration(of: .jitter) == .milliseconds(3))
    #expect(record.duration(of: .decode) == .milliseconds(3))
    #expect(record.duration(of: .wait) == .milliseconds(1))
    #expect(record.duration(of: .compose) == .milliseconds(1))
    #expect(record.duration(of: .encode) == .milliseconds(4))
    #expect(record.duration(of: .packetize) == nil)
    #expect(record.duration(of: .output) == .milliseconds(1))
    #expect(record.mixLatency == .milliseconds(11))
    #expect(ledger.mixLatency.total == 1)
    #expect(ledger.histogram(of: .encode).total == 1)
  }

  @Test("A repeated picture says nothing about the way of its frame")
  func repeated() throws {
    var ledger = Ledger()
    let id = completeFrame(&ledger, isRepeat: true)
    let record = try #require(ledger[id])
    #expect(record.mixLatency == nil)
    #expect(record.duration(of: .decode) == nil)
    #expect(record.duration(of: .encode) == .milliseconds(4))
  }

  @Test("Only the first output completes a frame")
  func firstByteOnce() throws {
    var ledger = Ledger()
    let id = completeFrame(&ledger)
    ledger.stampFirstByte(id, at: .milliseconds(500))
    #expect(ledger[id]?.firstByte == .milliseconds(113))
    #expect(ledger.mixLatency.total == 1)
  }

  @Test("The ring forgets the oldest frames and stamps on them do nothing")
  func bounded() {
    var ledger = Ledger()
    let first = completeFrame(&ledger)
    for _ in 0..<Ledger.capacity { _ = completeFrame(&ledger) }
    #expect(ledger[first] == nil)
    #expect(ledger.records.count == Ledger.capacity)
    ledger.stampEncoded(first, at: .zero)
    ledger.stampEncoded(0, at: .zero)
    ledger.stampEncoded(.max, at: .zero)
    #expect(ledger.records.count == Ledger.capacity)
  }

  @Test("The trace is JSON with one event per stage and names that cannot break it")
  func trace() {
    var ledger = Ledger()
    let entry = ProgramFrameRecord.LayerEntry(source: SourceID("a\"b\\c\n"), timings: timings(), isRepeat: false)
    let id = ledger.open(time: .zero, layers: [entry], picked: .milliseconds(107))
    ledger.stampComposed(id, started: .milliseconds(107), finished: .milliseconds(108))
    let text = TraceExport.json(of: ledger.records)
    #expect(text.contains("\"a\\\"b\\\\c \""))
    #expect(text.contains("\"name\":\"decode\",\"pid\":1,\"tid\":2,\"ts\":103000.000,\"dur\":3000.000"))
    #expect(!text.contains("\"name\":\"encode\""))
  }

  @Test("Percentiles are nearest ranks")
  func percentiles() throws {
    let values = (1...100).map { MediaTime.milliseconds($0) }
    let result = try #require(Percentiles(of: values.shuffled()))
    #expect(result.p50 == .milliseconds(51))
    #expect(result.p99 == .milliseconds(100))
    #expect(Percentiles(of: []) == nil)
  }
}
