/// Chrome trace event JSON (opens in Perfetto) of programme frames: one track per source and one for the mixer.
public struct TraceExport {
  private var events: [String] = []
  private var tracks: [SourceID: Int] = [:]
  private static let mixerTrack = 1

  public init() {}

  /// The document for `records`, oldest first. Times are microseconds on the local monotonic clock.
  public static func json(of records: [ProgramFrameRecord]) -> String {
    var export = TraceExport()
    export.name(track: mixerTrack, "program")
    for record in records { export.add(record) }
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[" + export.events.joined(separator: ",\n") + "]}\n"
  }

  private mutating func add(_ record: ProgramFrameRecord) {
    for layer in record.layers where !layer.isRepeat {
      let track = self.track(of: layer.source)
      let timings = layer.timings
      span("jitter", from: timings.firstPacket, to: timings.assembled, track: track, frame: record.id)
      span("decode", from: timings.decodeStarted, to: timings.decoded, track: track, frame: record.id)
      span("wait", from: timings.decoded, to: record.picked, track: track, frame: record.id)
    }
    span("compose", from: record.picked, to: record.composed, track: Self.mixerTrack, frame: record.id)
    span("encode", from: record.composed, to: record.encoded, track: Self.mixerTrack, frame: record.id)
    span("output", from: record.encoded, to: record.firstByte, track: Self.mixerTrack, frame: record.id)
  }

  private mutating func track(of source: SourceID) -> Int {
    if let track = tracks[source] { return track }
    let track = Self.mixerTrack + 1 + tracks.count
    tracks[source] = track
    name(track: track, source.rawValue)
    return track
  }

  private mutating func name(track: Int, _ name: String) {
    events.append(
      "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":\(track),\"args\":{\"name\":\(Self.quoted(name))}}")
  }

  private mutating func span(_ name: String, from: MediaTime, to: MediaTime, track: Int, frame: UInt64) {
    guard from != .zero, to >= from else { return }
    let start = Self.microseconds(from)
    let length = Self.microseconds(to - from)
    events.append(
      "{\"ph\":\"X\",\"name\":\"\(name)\",\"pid\":1,\"tid\":\(track),\"ts\":\(start),\"dur\":\(length),"
        + "\"args\":{\"frame\":\(frame)}}")
  }

  private static func microseconds(_ time: MediaTime) -> String {
    let (whole, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000)
    let digits = String(rest.magnitude)
    return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
