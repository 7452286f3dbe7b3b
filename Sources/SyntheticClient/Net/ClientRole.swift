import MixCore
import Transport

/// What a client does with its session: publish or watch. Lives on the client's thread.
protocol ClientRole: ~Copyable {
  var intents: [MediaIntent] { get }
  /// Changes the offer before the server sees it.
  func edit(_ offer: String) -> String
  /// When `advance` has something to do next.
  var nextDeadline: MediaTime { get }
  mutating func connected(_ media: [NegotiatedMedia], now: MediaTime)
  mutating func advance(_ session: inout RTCSession, control: ClientControl.State, now: MediaTime)
  mutating func handle(_ event: RTCEvent, now: MediaTime)
  /// Called now and then, and at the end.
  func report(_ statistics: SessionStatistics)
}
