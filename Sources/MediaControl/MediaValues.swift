/// How the programme of a room is made.
public struct ProgramSettings: Sendable, Codable, Equatable {
  /// Canvas in pixels; both even.
  public var width: Int
  public var height: Int
  public var frameRate: Int
  /// Bits per second of the mixed video.
  public var videoBitrate: Int
  /// `live` or an x264 preset.
  public var preset: String
  public var layout: LayoutRequest

  public init(
    width: Int = 1280, height: Int = 720, frameRate: Int = 30, videoBitrate: Int = 2_500_000,
    preset: String = "live", layout: LayoutRequest = LayoutRequest(layout: "pip")
  ) {
    self.width = width
    self.height = height
    self.frameRate = frameRate
    self.videoBitrate = videoBitrate
    self.preset = preset
    self.layout = layout
  }
}

/// A layout by name (`pip`, `grid`, `side-by-side`) with its options; unknown names are refused with `layout.unknown`.
public struct LayoutRequest: Sendable, Codable, Equatable {
  public var layout: String
  public var options: [String: LayoutOption]

  public init(layout: String, options: [String: LayoutOption] = [:]) {
    self.layout = layout
    self.options = options
  }
}

/// A JSON scalar.
public enum LayoutOption: Sendable, Codable, Equatable {
  case number(Double)
  case text(String)
  case flag(Bool)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    }
  }
}

/// The resolved scene, in pixels, as `GET …/scene` shows it.
public struct SceneDescription: Sendable, Codable, Equatable {
  public struct Canvas: Sendable, Codable, Equatable {
    public var width: Int
    public var height: Int
    public init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  public struct Layer: Sendable, Codable, Equatable {
    public var userId: String
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int
    public var zIndex: Int
    public init(userId: String, x: Int, y: Int, width: Int, height: Int, zIndex: Int) {
      self.userId = userId
      self.x = x
      self.y = y
      self.width = width
      self.height = height
      self.zIndex = zIndex
    }
  }

  public var layout: String
  public var canvas: Canvas
  public var layers: [Layer]

  public init(layout: String, canvas: Canvas, layers: [Layer]) {
    self.layout = layout
    self.canvas = canvas
    self.layers = layers
  }
}

/// What the host may change of a participant; `nil` leaves it as it is.
public struct ParticipantControls: Sendable, Codable, Equatable {
  public var muted: Bool?
  /// 0 … 2, 1 is unchanged.
  public var volume: Double?
  /// `false` shows the placeholder instead of the picture.
  public var camera: Bool?

  public init(muted: Bool? = nil, volume: Double? = nil, camera: Bool? = nil) {
    self.muted = muted
    self.volume = volume
    self.camera = camera
  }
}

/// Latency of one stage over the last window, in milliseconds.
public struct LatencySummary: Sendable, Codable, Equatable {
  public var p50: Double
  public var p95: Double
  public var p99: Double
  public var count: Int

  public init(p50: Double, p95: Double, p99: Double, count: Int) {
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.count = count
  }
}

public struct RoomStats: Sendable, Codable, Equatable {
  public struct Participant: Sendable, Codable, Equatable {
    public var userId: String
    public var connected: Bool
    public var packetsReceived: Int
    public var packetsLost: Int
    public var framesDecoded: Int
    public var width: Int
    public var height: Int
    public var jitterMs: Double
    public var audioDelayMs: Double
    /// From capture until the picture is shown.
    public var videoDelayMs: Double
    /// By how much sound is later than the picture in the programme.
    public var avSkewMs: Double
    public var concealedSamples: Int
    /// dBFS of the last second, −127 for silence.
    public var audioLevel: Double
    /// The room of which this is the host, if it is another one.
    public var linkedFrom: String?
    public init(
      userId: String, connected: Bool, packetsReceived: Int, packetsLost: Int, framesDecoded: Int, width: Int,
      height: Int, jitterMs: Double, audioDelayMs: Double, videoDelayMs: Double, avSkewMs: Double,
      concealedSamples: Int, audioLevel: Double, linkedFrom: String? = nil
    ) {
      self.userId = userId
      self.connected = connected
      self.packetsReceived = packetsReceived
      self.packetsLost = packetsLost
      self.framesDecoded = framesDecoded
      self.width = width
      self.height = height
      self.jitterMs = jitterMs
      self.audioDelayMs = audioDelayMs
      self.videoDelayMs = videoDelayMs
      self.avSkewMs = avSkewMs
      self.concealedSamples = concealedSamples
      self.audioLevel = audioLevel
      self.linkedFrom = linkedFrom
    }
  }

  public struct Output: Sendable, Codable, Equatable {
    public var id: String
    public var state: OutputState
    public var bytesSent: Int
    public var packetsDropped: Int
    public init(id: String, state: OutputState, bytesSent: Int, packetsDropped: Int) {
      self.id = id
      self.state = state
      self.bytesSent = bytesSent
      self.packetsDropped = packetsDropped
    }
  }

  public var framesComposed: Int
  public var ticksMissed: Int
  public var viewers: Int
  public var participants: [Participant]
  public var outputs: [Output]
  /// Keys: `jitter decode wait compose encode packetize output` and `mix` for the whole way.
  public var latency: [String: LatencySummary]

  public init(
    framesComposed: Int, ticksMissed: Int, viewers: Int, participants: [Participant], outputs: [Output],
    latency: [String: LatencySummary]
  ) {
    self.framesComposed = framesComposed
    self.ticksMissed = ticksMissed
    self.viewers = viewers
    self.participants = participants
    self.outputs = outputs
    self.latency = latency
  }
}

/// One sample of a Prometheus metric of the media side.
public struct MetricSample: Sendable, Codable, Equatable {
  public enum Kind: String, Sendable, Codable { case counter, gauge }
  /// Without the `mixd_` prefix.
  public var name: String
  public var help: String
  public var kind: Kind
  public var labels: [String: String]
  public var value: Double

  public init(name: String, help: String, kind: Kind, labels: [String: String] = [:], value: Double) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labels = labels
    self.value = value
  }
}

/// A cumulative histogram, ready for the Prometheus text format.
public struct MetricHistogram: Sendable, Codable, Equatable {
  public var name: String
  public var help: String
  public var labels: [String: String]
  /// Upper bounds in seconds, ascending, without +Inf.
  public var bounds: [Double]
  /// Cumulative counts, one per bound.
  public var counts: [Int]
  public var total: Int
  public var sum: Double

  public init(
    name: String, help: String, labels: [String: String], bounds: [Double], counts: [Int], total: Int, sum: Double
  ) {
    self.name = name
    self.help = help
    self.labels = labels
    self.bounds = bounds
    self.counts = counts
    self.total = total
    self.sum = sum
  }
}

public struct MetricsSnapshot: Sendable, Codable, Equatable {
  public var samples: [MetricSample]
  public var histograms: [MetricHistogram]

  public init(samples: [MetricSample] = [], histograms: [MetricHistogram] = []) {
    self.samples = samples
    self.histograms = histograms
  }
}
