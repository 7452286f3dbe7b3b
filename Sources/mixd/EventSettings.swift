import Configuration
import Foundation
import SignalingServer

/// Where webhooks may be, and who moderates.
struct EventSettings: Sendable {
  let privateWebhooks: Bool
  let moderation: ModerationSettings?

  init() { (privateWebhooks, moderation) = (false, nil) }

  init(_ reader: ConfigReader) async throws {
    privateWebhooks = try await reader.flag("webhooks.allowPrivate") ?? false
    moderation = try await Self.moderation(reader)
  }

  private static func moderation(_ reader: ConfigReader) async throws -> ModerationSettings? {
    let url = try await value("moderation.url", "a text") { try await reader.fetchString(forKey: "moderation.url") }
    guard let url else { return nil }
    guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme), parts.host?.isEmpty == false
    else { throw CommandFailure(message: "the setting moderation.url must be a complete http or https URL") }
    let secret = try await value("moderation.secret", "a text") {
      try await reader.fetchString(forKey: ConfigKey("moderation.secret"), isSecret: true)
    }
    let timeout =
      try await value("moderation.timeout", "a number of milliseconds") {
        try await reader.fetchInt(forKey: "moderation.timeout")
      } ?? 500
    guard (10...30_000).contains(timeout) else {
      throw CommandFailure(message: "the setting moderation.timeout must be from 10 to 30000 milliseconds")
    }
    return ModerationSettings(
      url: url, secret: secret, timeout: Double(timeout) / 1000, onFailure: try await failureMode(reader))
  }

  private static func failureMode(_ reader: ConfigReader) async throws -> ModerationSettings.FailureMode {
    let text = try await value("moderation.onFailure", "allow or refuse") {
      try await reader.fetchString(forKey: "moderation.onFailure")
    }
    guard let mode = ModerationSettings.FailureMode(rawValue: text ?? "allow") else {
      throw CommandFailure(message: "the setting moderation.onFailure must be allow or refuse")
    }
    return mode
  }

  private static func value<Value>(
    _ name: String, _ expected: String, _ fetch: () async throws -> Value?
  ) async throws -> Value? {
    do {
      return try await fetch()
    } catch {
      throw CommandFailure(message: "the setting \(name) must be \(expected)")
    }
  }
}
