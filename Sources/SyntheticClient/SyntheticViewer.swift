public import MixCore
public import Transport

/// A player that watches a programme, or a forwarded participant, over real UDP, ICE, DTLS and SRTP and measures what
/// arrives.
public final class SyntheticViewer: Sendable {
  public struct Configuration: Sendable {
    /// The codecs it offers, best first.
    public var codecs: [VideoCodec]
    /// Decode pictures, keep the newest one and read its `FrameMark`.
    public var decodesVideo: Bool
    /// Decode sound and keep the last second.
    public var decodesAudio: Bool
    /// Participants whose flashes and beeps are looked for; needs decoded pictures and sound.
    public var watches: [FlashWatch] = []
    /// IPv4; port 0 takes any free one.
    public var localAddress: SocketAddress

    public init(
      codecs: [VideoCodec] = [.h264, .vp8], decodesVideo: Bool = false, decodesAudio: Bool = false,
      localAddress: SocketAddress = SocketAddress(ipv4: (127, 0, 0, 1), port: 0)
    ) {
      self.codecs = codecs
      self.decodesVideo = decodesVideo
      self.decodesAudio = decodesAudio
      self.localAddress = localAddress
    }
  }

  public let configuration: Configuration
  private let control = ClientControl()
  private let report = SharedReport(ViewerReport())

  public init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

  deinit { control.update { $0.isStopping = true } }

  /// Negotiates through `exchange`, which takes the offer to the server and brings its answer back, and returns when
  /// media can flow. A viewer can be started once.
  public func start(exchange: @Sendable (_ offer: String) async throws -> String) async throws {
    let (configuration, report) = (configuration, report)
    try await ClientRunner.start(
      "viewer", control: control, localAddress: configuration.localAddress,
      role: { () throws(SyntheticClientError) in try ViewerRole(configuration, report: report) },
      exchange: exchange)
  }

  /// Ends the session and waits until the thread has ended.
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

  public var statistics: ViewerReport { report.value }

  /// Looks at the report every 20 ms until `condition` holds or `limit` has passed.
  /// - Returns: the report it held for, or `nil`.
  public func wait(
    upTo limit: Duration, until condition: @Sendable (ViewerReport) -> Bool
  ) async throws -> ViewerReport? {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      let report = statistics
      if condition(report) { return report }
      try await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }
}
