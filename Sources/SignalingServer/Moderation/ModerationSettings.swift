/// Where the operator's own moderation is asked before a text is shown to anybody.
public struct ModerationSettings: Sendable, Equatable {
  /// What happens to a text when there is no answer.
  public enum FailureMode: String, Sendable, CaseIterable { case allow, refuse }

  /// http or https; it may be on the operator's own network.
  public var url: String
  /// Signs the questions like webhooks, if given.
  public var secret: String?
  /// Seconds a question may take.
  public var timeout: Double
  public var onFailure: FailureMode

  public init(url: String, secret: String? = nil, timeout: Double = 0.5, onFailure: FailureMode = .allow) {
    self.url = url
    self.secret = secret
    self.timeout = timeout
    self.onFailure = onFailure
  }
}

/// How much is asked at once, one question of a user at most. What is beyond is refused at once: nobody queues.
public struct ModerationLimits: Sendable, Equatable {
  public var concurrency = 64
  /// Of one room, or of the newcomers of one address, so that loud ones leave something to the others.
  public var perRoom = 16
  /// Bytes of an answer.
  public var answer = 8 * 1024

  public init() {}
}
