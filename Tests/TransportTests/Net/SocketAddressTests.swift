import Testing

@testable import Transport

@Suite("Socket addresses")
struct SocketAddressTests {
  @Test(
    "text is read and written in one form",
    arguments: [
      ("127.0.0.1:7000", "127.0.0.1:7000"), ("[::1]:5", "[::1]:5"), ("[::]:0", "[::]:0"),
      ("[2001:0DB8:0:0:1:0:0:1]:443", "[2001:db8::1:0:0:1]:443"), ("[1:0:2:3:4:5:6:7]:1", "[1:0:2:3:4:5:6:7]:1"),
      ("[::ffff:10.1.2.3]:9", "10.1.2.3:9"), ("[64:ff9b::192.0.2.33]:9", "[64:ff9b::c000:221]:9"),
      ("[fe80::]:9", "[fe80::]:9"),
    ])
  func text(input: String, output: String) {
    #expect(SocketAddress(input)?.description == output)
  }

  @Test(
    "what is not an address is refused",
    arguments: [
      "", ":", "1.2.3:4", "1.2.3.4", "1.2.3.4:65536", "1.2.3.256:1", "01.2.3.4:1", "1.2.3.4.5:1", "::1:5",
      "[1.2.3.4]:5",
      "[1:2:3:4:5:6:7]:1", "[1::2::3]:1", "[12345::]:1", "[::1%eth0]:1", "[:::]:1", "[1:2:3:4:5:6:7::8]:1", "a.b.c.d:1",
      "[+1::]:1", "1.2.3.+4:1", "[::1:5",
    ])
  func refusal(text: String) {
    #expect(SocketAddress(text) == nil)
  }

  @Test("the IPv4-mapped form is the IPv4 address")
  func mapped() {
    #expect(
      SocketAddress(ipv6: 0, 0xffff_7f00_0001, port: 80) == SocketAddress(ipv4: (127, 0, 0, 1), port: 80))
  }
}
