/// Cuts what OpenSSL wrote, which is one record behind the other, into datagrams (RFC 6347 §4.1).
///
///     content type 1 | version 2 | epoch 2 | sequence number 6 | length 2 | content
enum DTLSRecords {
  static let headerLength = 13
  /// Small enough for every path, so that nothing depends on path MTU discovery.
  static let maximumDatagram = 1200

  static func datagrams(of records: [UInt8]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var start = 0
    var end = 0
    while end + headerLength <= records.count {
      let next = end + headerLength + (Int(records[end + 11]) << 8 | Int(records[end + 12]))
      guard next <= records.count else { break }
      if next - start > maximumDatagram, end > start {
        result.append(Array(records[start..<end]))
        start = end
      }
      end = next
    }
    if end > start { result.append(Array(records[start..<end])) }
    return result
  }

  /// True for what a peer sends again as long as our last flight has not reached it: handshake messages and the change of
  /// the cipher.
  static func isHandshake(_ datagram: Span<UInt8>) -> Bool {
    guard datagram.count >= headerLength else { return false }
    return datagram[0] == 22 || datagram[0] == 20
  }
}
