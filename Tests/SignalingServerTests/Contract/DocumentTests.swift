import NIOCore
import Testing

@testable import SignalingServer

@Suite struct DocumentTests {
  @Test("The document lists exactly what the router serves: every path, every method")
  func completeness() async throws {
    try await withServer { server in
      let document = try await Contract.shared.document(port: server.port)
      guard case .object(let paths)? = document["paths"] else {
        Issue.record("no paths")
        return
      }
      #expect(paths.count > 30)
      for (path, operations) in paths {
        guard case .object(let operations) = operations else { continue }
        let methods = Set(operations.keys.map { $0.uppercased() })
        let allowed = methods.contains("GET") ? methods.union(["HEAD"]) : methods
        let target = path.replacing("{", with: "x").replacing("}", with: "x")
        let other = try #require(["TRACE", "PUT", "PATCH"].first { !allowed.contains($0) })
        let answer = try await server.anonymous.send(other, target)
        #expect(answer.status == 405, "\(other) \(path) → \(answer.status)")
        #expect(answer.headers["allow"] == allowed.sorted().joined(separator: ", "), "\(path)")
      }
    }
  }

  @Test("The close codes of the events socket are those that the server can send")
  func closeCodes() async throws {
    try await withServer { server in
      let document = try await Contract.shared.document(port: server.port)
      guard case .object(let codes)? = document["x-events"]?["closeCodes"] else {
        Issue.record("no close codes")
        return
      }
      #expect(
        Set(codes.keys) == ["1001", "1002", "1003", "1007", "1008", "1009", "4401", "4403", "4410"])
    }
  }

  @Test("Every operation has a unique name, a summary, and a documented answer for success and for refusal")
  func operations() async throws {
    try await withServer { server in
      let document = try await Contract.shared.document(port: server.port)
      guard case .object(let paths)? = document["paths"] else { return }
      var names: Set<String> = []
      for (path, operations) in paths {
        guard case .object(let operations) = operations else { continue }
        for (method, operation) in operations {
          guard case .text(let name)? = operation["operationId"], case .text(let summary)? = operation["summary"],
            case .object(let responses)? = operation["responses"]
          else {
            Issue.record("\(method) \(path) is incomplete")
            continue
          }
          #expect(names.insert(name).inserted, "\(name) twice")
          #expect(summary.hasSuffix(".") && summary.count < 120, "\(method) \(path)")
          #expect(responses.keys.contains { $0.hasPrefix("2") || $0 == "101" }, "\(method) \(path)")
        }
      }
    }
  }

  @Test("Components of one name are the same")
  func names() async throws {
    var known: [String: JSONValue] = [:]
    for endpoint in try await EndpointTable.detached().endpoints {
      for schema in endpoint.schemas { Self.components(of: schema, into: &known) }
    }
    #expect(known.count > 20)
  }

  private static func components(of schema: Schema, into known: inout [String: JSONValue]) {
    switch schema {
    case .component(let name, let meaning):
      #expect(known[name] == nil || known[name] == meaning.json, "\(name) has two meanings")
      known[name] = meaning.json
      components(of: meaning, into: &known)
    case .list(let inner), .map(let inner), .nullable(let inner): components(of: inner, into: &known)
    case .either(let choices): for choice in choices { components(of: choice, into: &known) }
    case .object(let fields): for field in fields { components(of: field.schema, into: &known) }
    case .string, .choice, .integer, .number, .boolean, .anything: break
    }
  }

  @Test("Every reference leads to a component")
  func references() async throws {
    try await withServer { server in
      let document = try await Contract.shared.document(port: server.port)
      var references: Set<String> = []
      Self.collect(from: document, into: &references)
      for reference in references {
        let name = String(reference.split(separator: "/").last ?? "")
        #expect(document["components"]?["schemas"]?[name] != nil, "\(reference)")
      }
      #expect(references.count > 20)
    }
  }

  @Test("The readable page is there and loads its script from a file")
  func page() async throws {
    try await withServer { server in
      let page = try await server.anonymous.get("/docs")
      #expect(page.status == 200 && page.body.contains("/assets/docs.js"))
      #expect(page.headers["content-security-policy"]?.contains("default-src 'self'") == true)
      #expect(page.headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
      #expect(try await server.anonymous.get("/assets/docs.js").status == 200)
    }
  }

  private static func collect(from value: JSONValue, into references: inout Set<String>) {
    switch value {
    case .object(let fields):
      if case .text(let reference)? = fields["$ref"] { references.insert(reference) }
      for field in fields.values { collect(from: field, into: &references) }
    case .list(let elements): for element in elements { collect(from: element, into: &references) }
    default: break
    }
  }
}
