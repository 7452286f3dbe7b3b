import AsyncHTTPClient
import Foundation
import MediaControl
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends events to receivers, one try at a time.
actor WebhookSender {
  private let limits: WebhookLimits
  private let allowsPrivate: Bool
  private let resolver: AddressResolver
  private var clients: [String: PinnedClient] = [:]

  init(limits: WebhookLimits, allowsPrivate: Bool, resolver: AddressResolver) {
    self.limits = limits
    self.allowsPrivate = allowsPrivate
    self.resolver = resolver
  }

  /// Ends the connections to a webhook that is no more.
  func forget(_ webhook: String) { clients[webhook] = nil }

  func send(_ delivery: WebhookDelivery, to webhook: Webhook) async -> WebhookAnswer {
    let deadline = ContinuousClock.now + .seconds(limits.timeout)
    do throws(APIError) {
      let url = try WebhookURL(webhook.url, allowsPlain: allowsPrivate)
      let addresses = try await resolver.addresses(of: url.host, until: deadline)
      guard allowsPrivate || addresses.allSatisfy(PublicAddress.includes) else { throw .webhookPrivate }
      // The next try takes the next address: one that is out of order does not hold up everything.
      let address = try Self.socketAddress(addresses[delivery.attempts % addresses.count], port: url.port)
      let client = client(of: webhook.id, host: url.host, address: address)
      return await post(message(delivery, webhook), with: client, until: deadline)
    } catch {
      return WebhookAnswer(reason: "\(error.code): \(error.message)")
    }
  }

  private func client(of webhook: String, host: String, address: SocketAddress) -> PinnedClient {
    if let known = clients[webhook], known.host == host, known.address == address { return known }
    let client = PinnedClient(host: host, address: address, connectTimeout: limits.timeout / 2)
    clients[webhook] = client
    return client
  }

  private static func socketAddress(_ bytes: [UInt8], port: Int) throws(APIError) -> SocketAddress {
    do {
      return try SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: port)
    } catch {
      throw .webhookUnresolved
    }
  }

  private nonisolated func message(_ delivery: WebhookDelivery, _ webhook: Webhook) -> HTTPClientRequest {
    let timestamp = Int64(Date().timeIntervalSince1970)
    let signature = WebhookSignature(secret: webhook.secret)
    let body =
      switch webhook.format {
      case .standard: delivery.body
      case .legacy: signature.legacy(delivery.body, timestamp: timestamp)
      }
    var request = HTTPClientRequest(url: webhook.url)
    request.method = .POST
    request.headers = [
      "Content-Type": "application/json", "User-Agent": "mixd-webhooks/1", "Mixd-Event-Id": delivery.event,
      "Mixd-Delivery": delivery.id, "Mixd-Timestamp": "\(timestamp)",
      "Mixd-Signature": signature.header(timestamp: timestamp, body: body),
    ]
    request.body = .bytes(ByteBuffer(string: body))
    return request
  }

  private nonisolated func post(
    _ request: HTTPClientRequest, with pinned: PinnedClient, until deadline: ContinuousClock.Instant
  ) async -> WebhookAnswer {
    let left = max(ContinuousClock.now.duration(to: deadline), .zero)
    do {
      let response = try await pinned.client.execute(request, timeout: .nanoseconds(left.nanoseconds))
      await drain(response)
      let status = Int(response.status.code)
      let isTaken = (200..<300).contains(status)
      return WebhookAnswer(status: status, reason: isTaken ? nil : "webhook.refused: The answer was \(status).")
    } catch {
      return WebhookAnswer(error)
    }
  }

  /// Reads a short answer to its end, so that the connection can be used again. The status alone counts.
  private nonisolated func drain(_ response: HTTPClientResponse) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [limit = limits.answer] in
        var size = 0
        do {
          for try await part in response.body {
            size += part.readableBytes
            if size > limit { break }
          }
        } catch {
          // What broke off after the status changes nothing.
        }
      }
      group.addTask { try? await Task.sleep(for: .seconds(1)) }
      await group.next()
      group.cancelAll()
    }
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
