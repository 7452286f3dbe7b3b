import Foundation
import FoundationNetworking

/// The server's own HTTP API as synthetic participants use it.
struct APIClient: Sendable {
  let base: URL
  var token: String?
  var userID: String?

  /// Becomes a guest.
  static func signIn(base: URL, name: String) async throws -> APIClient {
    struct Session: Decodable {
      var userId: String
      var token: String
    }
    let anonymous = APIClient(base: base, token: nil)
    let session: Session = try await anonymous.send("POST", "api/v1/sessions", json: ["name": name])
    return APIClient(base: base, token: session.token, userID: session.userId)
  }

  func send<Answer: Decodable>(_ method: String, _ path: String, json: [String: String]? = nil) async throws -> Answer {
    let body = try json.map { try JSONEncoder().encode($0) }
    let data = try await exchange(method, path, body: body, type: "application/json")
    return try JSONDecoder().decode(Answer.self, from: data)
  }

  /// WHIP or WHEP: an SDP offer for an answer.
  func exchangeSDP(_ path: String, offer: String) async throws -> String {
    String(decoding: try await exchange("POST", path, body: Data(offer.utf8), type: "application/sdp"), as: UTF8.self)
  }

  @discardableResult
  func exchange(_ method: String, _ path: String, body: Data? = nil, type: String? = nil) async throws -> Data {
    var request = URLRequest(url: base.appending(path: path))
    request.httpMethod = method
    request.httpBody = body
    if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let (data, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard (200..<300).contains(status) else {
      throw CommandFailure(message: "\(method) /\(path): HTTP \(status) \(String(decoding: data, as: UTF8.self))")
    }
    return data
  }
}
