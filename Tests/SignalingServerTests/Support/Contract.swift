import Foundation
import NIOCore
import Testing

@testable import SignalingServer

/// Compares every answer that a test gets with what the server's own document says of it.
actor Contract {
  static let shared = Contract()
  private var document: JSONValue?

  func document(port: Int) async throws -> JSONValue {
    if let document { return document }
    let request = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    let answer = try Answer(raw: try await RawConnection.exchange(port: port, request))
    let loaded = try JSON.decode(JSONValue.self, from: ByteBuffer(string: answer.body))
    document = loaded
    return loaded
  }

  /// Records an issue if the document does not allow this answer.
  func check(_ method: String, _ path: String, _ answer: Answer, port: Int) async throws {
    let document = try await document(port: port)
    guard let operation = DocumentedOperation(document, method: method, path: path) else {
      #expect(
        !path.hasPrefix("/api/v1/") || answer.status >= 400 || method == "HEAD",
        "\(method) \(path) is not in the document")
      return
    }
    for problem in operation.problems(with: answer) { Issue.record("\(method) \(path): \(problem)") }
  }

  /// Records an issue if the document does not know this message of an events socket, or describes it otherwise.
  ///
  /// Only tests of slow readers send messages as large as the ones that are left out, and those have to be fast.
  func check(event: ByteBuffer, port: Int) async throws {
    guard event.readableBytes <= 8 * 1024 else { return }
    let document = try await document(port: port)
    let value = try JSON.decode(JSONValue.self, from: event)
    guard case .text(let type)? = value["type"], case .list(let known)? = document["x-events"]?["fromServer"],
      let schema = known.first(where: { $0["type"] == .text(type) })?["schema"]
    else {
      Issue.record("no such event in the document: \(String(buffer: event).prefix(200))")
      return
    }
    for problem in SchemaValidator(document: document).problems(of: value, schema, at: type) {
      Issue.record("event \(problem)")
    }
  }
}

/// One operation of the document.
struct DocumentedOperation {
  let document: JSONValue
  let value: JSONValue

  init?(_ document: JSONValue, method: String, path: String) {
    let parts = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
    guard case .object(let paths)? = document["paths"] else { return nil }
    let fitting = paths.keys.filter { template in
      let names = template.split(separator: "/", omittingEmptySubsequences: false)
      return names.count == parts.count
        && zip(names, parts).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
    }
    // `/users/me` goes before `/users/{user}`.
    let best = fitting.min { $0.count(where: { $0 == "{" }) < $1.count(where: { $0 == "{" }) }
    guard let best, let value = paths[best]?[method.lowercased()] else { return nil }
    self.document = document
    self.value = value
  }

  func problems(with answer: Answer) -> [String] {
    guard let response = value["responses"]?[String(answer.status)] else {
      return ["status \(answer.status) is not documented: \(answer.body.prefix(200))"]
    }
    guard let schema = response["content"]?["application/json"]?["schema"] else { return [] }
    guard let body = try? JSON.decode(JSONValue.self, from: ByteBuffer(string: answer.body)) else {
      return ["the body is not JSON: \(answer.body.prefix(200))"]
    }
    var problems = SchemaValidator(document: document).problems(of: body, schema, at: "body")
    if case .list(let codes)? = response["x-codes"], let code = answer.code, !codes.contains(where: { $0.covers(code) })
    {
      problems.append("the code \(code) is not documented for \(answer.status)")
    }
    return problems
  }
}

extension JSONValue {
  /// Whether this documented code, which may end with a star, is `code`.
  fileprivate func covers(_ code: String) -> Bool {
    guard case .text(let text) = self else { return false }
    return text.hasSuffix("*") ? code.hasPrefix(text.dropLast()) : text == code
  }
}
