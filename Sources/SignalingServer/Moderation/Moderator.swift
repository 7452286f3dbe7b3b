import Signaling

/// Lets the operator's own moderation see what people write for others before anybody else does: all kinds of
/// `ModerationQuestion`.
///
/// Whoever writes waits for the answer himself, in his own task; nobody else does.
struct Moderator: Sendable {
  typealias Ask = @Sendable (ModerationQuestion) async throws -> ModerationAnswer

  /// Lets everything pass.
  static let none = Moderator(nil, limits: ModerationLimits(), metrics: ServerMetrics())

  private enum Outcome: String {
    case allow, refuse, replace
    /// No answer in time, or a wrong one.
    case late, failed
    /// No place left to ask. That is the doing of who asks, so nothing passes this way.
    case busy
  }

  private let settings: ModerationSettings?
  private let gate: ModerationGate
  private let metrics: ServerMetrics
  private let ask: Ask

  /// Without settings every text passes.
  init(_ settings: ModerationSettings?, limits: ModerationLimits, metrics: ServerMetrics, ask: Ask? = nil) {
    self.settings = settings
    self.metrics = metrics
    gate = ModerationGate(limits)
    let client = ask == nil ? settings.map { ModerationClient($0, limits: limits) } : nil
    self.ask =
      ask ?? { question in
        guard let client else { throw APIError.moderationUnavailable }
        return try await client.ask(question)
      }
  }

  var isAsked: Bool { settings != nil }

  /// The text to show, which may be another one; refuses what must not be shown.
  ///
  /// - Parameter addresses: where somebody comes from who is nobody yet.
  func review(_ question: ModerationQuestion, from addresses: String? = nil) async throws(APIError) -> String {
    guard let settings else { return question.text }
    // Asked about is what people would see; what is longer than any text may be is refused by the rules themselves.
    var question = question
    question.text = question.kind.printable(question.text)
    guard question.text.utf8.count <= 4_096 else { return question.text }
    let started = ContinuousClock.now
    let asker = ModerationGate.Asker(user: question.userId, group: question.roomId ?? addresses)
    let (outcome, answer) = await answer(question, of: asker, within: settings.timeout)
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    metrics.update {
      $0.moderation[outcome.rawValue, default: 0] += 1
      $0.moderationSeconds += Double(seconds) + Double(attoseconds) / 1e18
    }
    switch outcome {
    case .allow: return question.text
    case .replace: return answer?.text ?? question.text
    case .refuse: throw question.kind.refusal(answer?.reason)
    case .busy: throw .moderationBusy
    case .late, .failed:
      if settings.onFailure == .refuse { throw .moderationUnavailable }
      return question.text
    }
  }

  private func answer(
    _ question: ModerationQuestion, of asker: ModerationGate.Asker, within seconds: Double
  ) async -> (Outcome, ModerationAnswer?) {
    guard gate.enter(asker) else { return (.busy, nil) }
    defer { gate.leave(asker) }
    return await withTimeLimit(.seconds(seconds), late: (.late, nil)) { [ask] in
      do {
        let answer = try await ask(question)
        switch answer.action {
        case .allow: return (.allow, answer)
        case .refuse: return (.refuse, answer)
        case .replace: return answer.text == nil ? (.failed, nil) : (.replace, answer)
        }
      } catch {
        return (.failed, nil)
      }
    }
  }
}

extension ModerationQuestion.Kind {
  /// What people would see of a text.
  fileprivate func printable(_ text: String) -> String {
    switch self {
    case .announcement, .notice: DisplayText.printableLines(text)
    case .text, .danmaku, .title, .category, .tag, .application, .name: DisplayText.printable(text)
    }
  }

  fileprivate func refusal(_ reason: String?) -> APIError {
    var refusal: APIError =
      switch self {
      case .text, .danmaku, .announcement: .chatRefused
      case .title, .notice, .category, .tag, .application, .name: .textRefused
      }
    refusal.reason = reason.flatMap(DisplayText.shortReason)
    return refusal
  }
}
