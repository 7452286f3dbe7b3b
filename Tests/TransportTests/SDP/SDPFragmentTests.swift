import Testing

@testable import Transport

@Suite("Trickle fragments")
struct SDPFragmentTests {
  @Test("A browser's trickle fragment is read")
  func trickle() throws {
    let text = """
      a=ice-ufrag:EsAw
      a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
      m=audio 9 UDP/TLS/RTP/SAVPF 0
      a=mid:0
      a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1
      a=candidate:3471623853 1 udp 2122194687 1f2e3d4c.local 61765 typ host generation 0
      a=candidate:nonsense
      a=end-of-candidates
      """
    let fragment = try SDPFragment(parsing: text)
    #expect(fragment.ufrag == "EsAw")
    #expect(fragment.mid == "0")
    #expect(fragment.candidates.map(\.port) == [61764, 61765])
    #expect(fragment.candidates[1].address == "1f2e3d4c.local")
    #expect(fragment.endOfCandidates)
    #expect(try SDPFragment(parsing: fragment.text) == fragment)
  }

  @Test("Half a set of credentials, wrong characters and endless text are refused")
  func refused() {
    for text in ["a=ice-ufrag:EsAw", "a=ice-ufrag:a b c\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1", "a=ice-pwd:short"] {
      #expect(throws: NegotiationError.noICECredentials) { try SDPFragment(parsing: text) }
    }
    #expect(throws: NegotiationError.tooLarge) { try SDPFragment(parsing: String(repeating: "a=x\n", count: 5000)) }
    #expect(throws: NegotiationError.tooLarge) { try SDPFragment(parsing: String(repeating: "a\n", count: 201)) }
  }
}
