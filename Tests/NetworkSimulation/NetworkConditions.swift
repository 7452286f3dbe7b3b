public import MixCore

/// How bad one direction of a network is.
public struct NetworkConditions: Sendable, Equatable {
  /// Losses in a row (Gilbert–Elliott): while a burst lasts everything is lost.
  public struct Burst: Sendable, Equatable {
    /// Chance per datagram that a burst begins, and that it ends.
    public var begin: Double
    public var end: Double

    public init(begin: Double, end: Double) {
      self.begin = begin
      self.end = end
    }
  }

  /// Shares of all datagrams, 0…1.
  public var loss = 0.0
  public var burst: Burst?
  public var duplication = 0.0
  /// One bit of this share is turned over.
  public var corruption = 0.0
  /// This share of datagrams takes `reorderDelay` more, so that later ones overtake them.
  public var reordering = 0.0
  public var reorderDelay = MediaTime.milliseconds(15)
  public var delay = MediaTime.milliseconds(20)
  /// At most this much is added to the delay of each datagram, at random.
  public var jitter = MediaTime.zero
  /// Bits per second of the narrowest part, headers included; `nil` is wide.
  public var rate: Int?
  /// What may wait before the narrow part; more is lost.
  public var queue = MediaTime.milliseconds(200)
  /// Nothing arrives at all.
  public var isDown = false

  public init(
    loss: Double = 0, duplication: Double = 0, reordering: Double = 0, delay: MediaTime = .milliseconds(20),
    jitter: MediaTime = .zero
  ) {
    self.loss = loss
    self.duplication = duplication
    self.reordering = reordering
    self.delay = delay
    self.jitter = jitter
  }

  public static let perfect = NetworkConditions()
}
