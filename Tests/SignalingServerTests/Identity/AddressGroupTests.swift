import Testing

@testable import SignalingServer

@Suite struct AddressGroupTests {
  @Test(
    "An IPv4 address is one by itself, however it is written; of an IPv6 one its site counts",
    arguments: [
      ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"), ("::FFFF:CB00:7107", "203.0.113.7"),
      ("2001:db8::1", "2001:db8:0:0::/64"), ("2001:db8:0:0:ffff::2", "2001:db8:0:0::/64"),
      ("2001:db8:0:1::1", "2001:db8:0:1::/64"), ("::1", "0:0:0:0::/64"), ("", ""), ("unknown:host", "unknown:host"),
    ])
  func groups(address: String, group: String) {
    #expect(AddressGroup.of(address) == group)
    #expect(AddressGroup.of(group) == group)
  }
}
