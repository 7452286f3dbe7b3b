import Foundation
import NIOCore
import Testing

/// A response as a test looks at it.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: String

  init(raw: String) throws {
    let parts = raw.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts.first?.split(separator: "\r\n") ?? []
    status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    headers = lines.dropFirst().reduce(into: [:]) { headers, line in
      let pair = line.split(separator: ":", maxSplits: 1)
      if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces) }
    }
    body = parts.count == 2 ? String(parts[1]) : ""
  }

  var json: [String: Any] {
    get throws {
      try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }
  }

  var code: String? { ((try? json)?["error"] as? [String: Any])?["code"] as? String }

  func string(_ key: String) throws -> String { try #require(try json[key] as? String, "\(status) \(body)") }
  func list(_ key: String) throws -> [[String: Any]] { try #require(try json[key] as? [[String: Any]]) }
}

/// A user of the API.
struct Client: Sendable {
  let port: Int
  var token: String?
  var id = ""

  func send(
    _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
    headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    if let token { request += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in headers { request += "\(name): \(value)\r\n" }
    if let body { request += "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n" }
    let answer = try Answer(raw: try await RawConnection.exchange(port: port, request + "\r\n" + (body ?? "")))
    try await Contract.shared.check(method, path, answer, port: port)
    return answer
  }

  func post(_ path: String, _ body: String? = nil) async throws -> Answer { try await send("POST", path, body) }
  func get(_ path: String) async throws -> Answer { try await send("GET", path) }

  /// Opens a room and returns its id.
  func openRoom(_ title: String = "Show") async throws -> String {
    let answer = try await post("/api/v1/rooms", #"{"title":"\#(title)"}"#)
    #expect(answer.status == 201)
    return try answer.string("id")
  }

  func whip(_ room: String, query: String = "") async throws -> Answer {
    let path = "/whip/\(room)" + (query.isEmpty ? "" : "?\(query)")
    return try await send("POST", path, Self.offer, type: "application/sdp")
  }

  func whep(_ room: String, stage: String? = nil) async throws -> Answer {
    try await send(
      "POST", "/whep/\(room)" + (stage.map { "?stage=\($0)" } ?? ""), Self.offer, type: "application/sdp")
  }

  static let offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
}
