/// Outgoing datagrams, packed behind each other in one block of memory that is reused for ever.
public struct TransmitQueue: Sendable {
  /// One datagram: `length` bytes from `offset` of the queue's `bytes`.
  public struct Datagram: Sendable {
    public let offset: Int
    public let length: Int
    public let destination: SocketAddress
  }

  public private(set) var datagrams: [Datagram] = []
  /// The memory of all datagrams; bytes past the last datagram are left over from earlier ones.
  public private(set) var bytes: [UInt8] = []
  /// Datagrams that did not fit since the queue was made.
  public private(set) var dropped: UInt64 = 0

  /// All that was ever put in.
  public private(set) var totalDatagrams: UInt64 = 0
  public private(set) var totalBytes: UInt64 = 0

  private var used = 0

  static let maximumDatagrams = 4096
  /// Datagrams start on whole words, which libsrtp's ciphers like.
  private static let alignment = 8
  private static let growth = 64 * 1024

  public init() {}

  public var isEmpty: Bool { datagrams.isEmpty }

  /// Lets `write` fill up to `capacity` bytes in place; it returns how many it wrote, 0 to drop the datagram.
  public mutating func append(
    to destination: SocketAddress, capacity: Int, _ write: (UnsafeMutableRawBufferPointer) -> Int
  ) {
    guard datagrams.count < Self.maximumDatagrams, capacity > 0 else {
      dropped &+= 1
      return
    }
    let offset = used
    if bytes.count < offset + capacity {
      bytes.append(contentsOf: repeatElement(0, count: max(Self.growth, capacity)))
    }
    let length = unsafe bytes.withUnsafeMutableBytes { memory in
      unsafe write(UnsafeMutableRawBufferPointer(rebasing: memory[offset..<(offset + capacity)]))
    }
    guard length > 0, length <= capacity else { return }
    totalDatagrams &+= 1
    totalBytes &+= UInt64(length)
    datagrams.append(Datagram(offset: offset, length: length, destination: destination))
    used = (offset + length + Self.alignment - 1) / Self.alignment * Self.alignment
  }

  public mutating func append(to destination: SocketAddress, _ content: [UInt8]) {
    unsafe append(to: destination, capacity: content.count) { memory in
      unsafe memory.copyBytes(from: content)
      return content.count
    }
  }

  /// Empties the queue and keeps its memory.
  public mutating func removeAll() {
    datagrams.removeAll(keepingCapacity: true)
    used = 0
  }
}
