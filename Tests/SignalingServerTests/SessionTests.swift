import Crypto
import Foundation
import Testing

@testable import SignalingServer

@Suite struct SessionTests {
  @Test("A guest gets an id, a token and his name as others will see it")
  func guest() async throws {
    try await withServer { server in
      let answer = try await server.anonymous.post("/api/v1/sessions", #"{"name":"  Ann 安\u202E  "}"#)
      #expect(answer.status == 201)
      #expect(try answer.string("name") == "Ann 安")
      #expect(try answer.string("userId").hasPrefix("u_"))
      #expect(try answer.string("token").split(separator: ".").count == 3)
    }
  }

  @Test("A name is kept composed, without what nobody sees, whoever gives it")
  func composedNames() async throws {
    try await withServer { server in
      let name = #"{"name":"Ange\u0301\u200D lique\uFE0F"}"#
      let guest = try await server.anonymous.post("/api/v1/sessions", name)
      let renamed = try await server.user("Ann").send("PATCH", "/api/v1/users/me", name)
      let minted = try await server.backend().post("/api/v1/tokens", name)
      for answer in [guest, renamed, minted] {
        #expect(try Array(answer.string("name").utf8) == Array("Ang\u{E9} lique".utf8))
      }
      let piled = #"{"name":"x\#(String(repeating: "\\u0301", count: 5))"}"#
      #expect(try await server.anonymous.post("/api/v1/sessions", piled).code == "session.name")
    }
  }

  @Test("Bad names and bad bodies are refused with their codes")
  func refusals() async throws {
    try await withServer { server in
      let cases: [(String, Int, String)] = [
        (#"{"name":""}"#, 422, "session.name"),
        (#"{"name":"\#(String(repeating: "x", count: 33))"}"#, 422, "session.name"),
        (#"{"name":7}"#, 400, "json.malformed"), (#"{}"#, 400, "json.malformed"), ("{", 400, "json.malformed"),
        ("", 400, "json.malformed"), ("[[[[", 400, "json.malformed"),
        (String(repeating: "[", count: 60_000), 400, "json.malformed"),
        (#"{"name":"\#(String(repeating: "x", count: 70_000))"}"#, 413, "http.too-large"),
      ]
      for (body, status, code) in cases {
        let answer = try await server.anonymous.post("/api/v1/sessions", body)
        #expect(answer.status == status && answer.code == code, "\(body.prefix(40)) → \(answer.status) \(answer.body)")
      }
      let form = try await server.anonymous.send("POST", "/api/v1/sessions", "name=x", type: "text/plain")
      #expect(form.status == 415 && form.code == "http.content-type")
    }
  }

  @Test("A body that grows beyond the limit without saying so is refused too")
  func chunkedFlood() async throws {
    try await withServer { server in
      let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
      let raw =
        "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        + "Content-Type: application/json\r\n\r\n" + String(repeating: chunk, count: 8) + "0\r\n\r\n"
      let answer = try Answer(raw: try await RawConnection.exchange(port: server.port, raw))
      #expect(answer.status == 413 && answer.body.contains("http.too-large"))
    }
  }

  @Test("Only our own, current, HS256 tokens of known users count")
  func tokens() async throws {
    try await withServer(configure: { $0.tokenSecret = "secret-of-this-test-secret-of-this-test" }) { server in
      let ann = try await server.user("Ann")
      let now = Int(Date().timeIntervalSince1970)
      let header = #"{"alg":"HS256","typ":"JWT"}"#
      func claims(
        _ user: String, iss: String = "mixd", sid: String = "s_known", exp: Int = 60, nbf: Int = -60
      ) -> String {
        #"{"iss":"\#(iss)","sub":"\#(user)","sid":"\#(sid)","jti":"x","iat":\#(now),"exp":\#(now + exp),"nbf":\#(now + nbf)}"#
      }
      let secret = "secret-of-this-test-secret-of-this-test"
      #expect(try await status(server, forge(header, claims(ann.id), secret)) == 201)
      let bad: [(String, String)] = [
        ("other key", forge(header, claims(ann.id), "another-secret-another-secret-another")),
        ("empty key", forge(header, claims(ann.id), "")),
        ("expired", forge(header, claims(ann.id, exp: -1), secret)),
        ("not yet", forge(header, claims(ann.id, nbf: 600), secret)),
        ("other issuer", forge(header, claims(ann.id, iss: "evil"), secret)),
        ("no session", forge(header, claims(ann.id).replacing(#""sid":"s_known","#, with: ""), secret)),
        ("nobody", forge(header, claims("u_nobody"), secret)),
        ("none", forge(#"{"alg":"none"}"#, claims(ann.id), secret)),
        ("none without signature", unsigned(#"{"alg":"none"}"#, claims(ann.id)) + "."),
        ("None", forge(#"{"alg":"None"}"#, claims(ann.id), secret)),
        ("RS256", forge(#"{"alg":"RS256"}"#, claims(ann.id), secret)),
        ("HS512", forge(#"{"alg":"HS512"}"#, claims(ann.id), secret)),
        ("kid", forge(#"{"alg":"HS256","kid":"../../dev/null"}"#, claims(ann.id), secret)),
        ("cut", String(try #require(ann.token).dropLast(4))), ("empty", ""), ("dots", ".."), ("text", "abc"),
        ("long", String(repeating: "a", count: 5000)),
      ]
      for (what, token) in bad {
        let got = try await status(server, token)
        #expect(got == 401, "\(what): \(got)")
      }
    }
  }

  private func status(_ server: TestServer, _ token: String) async throws -> Int {
    try await Client(port: server.port, token: token).post("/api/v1/rooms", #"{"title":"x"}"#).status
  }

  private func unsigned(_ header: String, _ claims: String) -> String {
    Data(header.utf8).base64URL + "." + Data(claims.utf8).base64URL
  }

  private func forge(_ header: String, _ claims: String, _ secret: String) -> String {
    let text = unsigned(header, claims)
    let key = SymmetricKey(data: Data(secret.utf8))
    return text + "." + Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)).base64URL
  }
}

extension Data {
  fileprivate var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
