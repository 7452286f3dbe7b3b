import Foundation
import Testing

@testable import SignalingServer

@Suite struct WebhookFormTests {
  @Test("A signature is the HMAC-SHA256 of time stamp, point and body")
  func signature() {
    // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
    let header = WebhookSignature(secret: "whsec_test").header(timestamp: 1_700_000_000, body: #"{"a":1}"#)
    #expect(header == "v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789")
  }

  @Test("The older form signs by MD5 over secret and expiry, inside the body")
  func legacySignature() throws {
    let body = WebhookSignature(secret: "key").legacy(#"{"a":1}"#, timestamp: 1_700_000_000)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    #expect(object["t"] as? Int == 1_700_000_600)
    // printf 'key1700000600' | md5sum
    #expect(object["sign"] as? String == "bae57a7a26dc8fe289f922d0ba53dde8")
    #expect(object["a"] as? Int == 1)
  }

  @Test("Patterns match a name, an area or everything, and nothing that cannot be is taken")
  func patterns() throws {
    let area = try #require(WebhookEventPattern("room.*"))
    #expect(area.matches(.roomLive) && !area.matches(.stageLeft))
    #expect(try #require(WebhookEventPattern("stage.left")).matches(.stageLeft))
    #expect(try #require(WebhookEventPattern("*")).matches(.chatMuted))
    #expect(WebhookEventPattern("record.*") != nil)
    for text in ["", "room", "room.", ".*", "rooms.*", "room.lives", "**", "room.live.*", "Room.live"] {
      #expect(WebhookEventPattern(text) == nil, "\(text)")
    }
  }

  @Test(
    "Only complete https URLs are taken",
    arguments: [
      "", "https://", "https:///path", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
      "//example.org/", "example.org", "https://user:secret@example.org/", "https://user@example.org/",
      "https://example.org/#part", "https://example.org:0/", "https://example.org:99999/", "https://exämple.org/",
      "https://example.org/a b", "https://example.org/\r\nX: y", "https://%31%32%37.0.0.1/", "https://a%2eb/",
      "https://exa\"mple.org/", "HTTPS://example.org/", "http://example.org/", "https+unix://%2ftmp/x",
    ])
  func badURLs(text: String) {
    #expect(throws: APIError.webhookURL) { try WebhookURL(text, allowsPlain: false) }
  }

  @Test("Host and port are read as everybody else reads them")
  func goodURLs() throws {
    let plain = try WebhookURL("https://example.org/hook?a=b", allowsPlain: false)
    #expect(plain.host == "example.org" && plain.port == 443)
    let numbered = try WebhookURL("http://[::1]:8080/x", allowsPlain: true)
    #expect(numbered.host == "::1" && numbered.port == 8080)
  }
}
