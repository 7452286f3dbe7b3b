/// Sizes, counts and times of webhooks.
public struct WebhookLimits: Sendable, Equatable {
  public var count = 32
  public var roomsEach = 100
  /// Events that wait for one webhook; then one of the room with most of them is thrown away.
  public var queue = 10_000
  /// Finished deliveries of one webhook that are remembered.
  public var log = 1_000
  /// Events of different rooms under way to one webhook.
  public var concurrency = 4
  /// Seconds from looking up the name to the head of the answer.
  public var timeout = 10.0
  /// Seconds that deliveries under way may take when the server stops.
  public var drain = 5.0
  /// Bytes of an answer that are read to keep the connection; longer ones end it.
  public var answer = 16 * 1024
  var retry = RetrySchedule()

  public init() {}
}
