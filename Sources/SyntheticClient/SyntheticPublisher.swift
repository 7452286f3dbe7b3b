public import MixCore
import Synchronization
public import Transport

/// A participant made of a test picture and a tone, who publishes over real UDP, ICE, DTLS and SRTP from a thread of its
/// own with the real clock.
public final class SyntheticPublisher: Sendable {
  public struct Configuration: Sendable {
    /// Shown in the picture: capital letters, digits, `:`, `.` and `-`, at most twelve.
    public var label: String
    public var width: Int
    public var height: Int
    public var frameRate: Int
    /// Of the video, in bits per second.
    public var bitrate: Int
    public var toneHertz: Double
    /// Picks the base colour, see `TestColor.base`.
    public var hue: Int
    /// Adds a field of moving texture, so that the bitrate is really used.
    public var hasTexture: Bool
    /// Encode this many seconds once before the start and repeat them: a load test then does not measure the client's
    /// encoder. The frame counter repeats too.
    public var replaySeconds: Int?
    /// Sent instead of the drawn picture, if any: one video in several sizes.
    public var recordings: [RecordedVideo] = []
    /// Sent instead of the tone, if any.
    public var recordedSound: RecordedSound?
    /// Flashes and beeps instead of the drawn picture and the steady tone.
    public var flashes: FlashPattern?
    /// Sent instead of one picture of the full size, if any: a stream for each.
    public var layers: [SimulcastLayer] = []
    /// IPv4; port 0 takes any free one.
    public var localAddress: SocketAddress

    public init(
      label: String, width: Int, height: Int, frameRate: Int, bitrate: Int, toneHertz: Double, hue: Int,
      hasTexture: Bool = false, replaySeconds: Int? = nil,
      localAddress: SocketAddress = SocketAddress(ipv4: (127, 0, 0, 1), port: 0)
    ) {
      self.label = label
      self.width = width
      self.height = height
      self.frameRate = frameRate
      self.bitrate = bitrate
      self.toneHertz = toneHertz
      self.hue = hue
      self.hasTexture = hasTexture
      self.replaySeconds = replaySeconds
      self.localAddress = localAddress
    }
  }

  /// One simulcast layer.
  public struct SimulcastLayer: Sendable {
    /// Its RID.
    public var name: String
    public var scaledDownBy: Int
    public var bitrate: Int

    public init(name: String, scaledDownBy: Int, bitrate: Int) {
      self.name = name
      self.scaledDownBy = scaledDownBy
      self.bitrate = bitrate
    }
  }

  public let configuration: Configuration
  private let control = ClientControl()
  private let report = SharedReport(PublisherReport())

  public init(_ configuration: Configuration) throws {
    guard (1...120).contains(configuration.frameRate) else { throw SyntheticClientError.video(.settingsRefused) }
    self.configuration = configuration
  }

  deinit { control.update { $0.isStopping = true } }

  /// Negotiates through `exchange`, which takes the offer to the server and brings its answer back, and returns when
  /// media flows. A publisher can be started once.
  public func start(exchange: @Sendable (_ offer: String) async throws -> String) async throws {
    let (configuration, report) = (configuration, report)
    try await ClientRunner.start(
      configuration.label, control: control, localAddress: configuration.localAddress,
      role: { () throws(SyntheticClientError) in try PublisherRole(configuration, report: report) },
      exchange: exchange)
  }

  /// Ends the session and waits until nothing is sent any more.
  /// - Parameter saysGoodbye: `false` vanishes like a crashed browser.
  public func stop(saysGoodbye: Bool = true) async {
    await ClientRunner.stop(control, saysGoodbye: saysGoodbye)
  }

  /// Waits until the session has ended; the reason, or `nil` after `stop`.
  public func ended() async -> SyntheticClientError? {
    await control.value { state -> SyntheticClientError?? in
      if case .ended(let error) = state.phase { .some(error) } else { nil }
    }
  }

  /// Switches tracks off and on while the session goes on.
  public func setMedia(video: Bool, audio: Bool) {
    control.update { state in
      state.isVideoOn = video
      state.isAudioOn = audio
    }
  }

  /// Sends the smallest recording that fills a rectangle of this height from now on; `nil`: the largest.
  public func setVideoHeight(_ height: Int?) { control.update { $0.videoHeight = height } }

  /// Sends only these simulcast layers from now on, by their place in the configuration.
  public func setActiveLayers(_ layers: Set<Int>) { control.update { $0.activeLayers = layers } }

  public var statistics: PublisherReport { report.value }
}

/// What a publisher has sent so far.
public struct PublisherReport: Sendable {
  /// On `CLOCK_MONOTONIC`: when picture 0 was taken, once media flows.
  public var mediaStart: MediaTime?
  public var frameRate = 0
  public var framesSent = 0
  public var keyFramesSent = 0
  public var keyFrameRequests = 0
  /// Pictures left out because the machine was too slow.
  public var framesSkipped = 0
  public var videoBytes = 0
  public var audioPacketsSent = 0
  /// Packets of sound that left more than 20 ms after their time.
  public var soundsLate = 0
  public var encodeFailures = 0
  /// `nil` until the first report of the session.
  public var session: SessionStatistics?

  /// When the picture with this number was taken; `nil` before media flows.
  public func captureTime(ofFrame number: Int) -> MediaTime? {
    mediaStart.map { $0 + MediaTime(count: Int64(number), rate: Int64(max(1, frameRate))) }
  }
}
