import CLinux
import Glibc
import MixCore
import Transport

/// One bound UDP socket with batched, non-blocking reads and writes into memory of its own.
@safe final class UDPSocket {
  static let batch = 32
  /// Larger than any datagram an Ethernet path carries; longer ones are cut and then fail authentication.
  static let slotSize = 2_048

  enum Failure: Error, CustomStringConvertible {
    case system(call: String, code: Int32)

    var description: String {
      switch self {
      case .system(let call, let code): "\(call): \(unsafe String(cString: strerror(code)))"
      }
    }
  }

  let descriptor: Int32
  @unsafe private let slots: UnsafeMutableRawPointer
  /// Two of them: what is received is answered before the rest of its batch is looked at.
  private let incoming = DatagramBatch(capacity: UDPSocket.batch)
  private let outgoing = DatagramBatch(capacity: UDPSocket.batch)
  private let isIPv6: Bool
  private(set) var sendFailures = 0

  /// Media bursts of several rooms must fit while the loop is busy: 4 MiB is half a second of 60 Mbit/s.
  private static let bufferBytes: Int32 = 4 << 20
  /// Less overflows when a few rooms' key frames come while the loop is busy.
  private static let usefulBytes: Int32 = 1 << 20

  init(bind address: SocketAddress) throws(Failure) {
    isIPv6 = address.isIPv6
    descriptor = mixd_udp_socket(address.isIPv6 ? AF_INET6 : AF_INET)
    unsafe slots = UnsafeMutableRawPointer.allocate(byteCount: Self.batch * Self.slotSize, alignment: 64)
    for index in 0..<Self.batch { unsafe incoming.set(index, memory: slot(index)) { _ in 0 } }
    guard descriptor >= 0 else { throw Failure.system(call: "socket", code: errno) }
    try bindSocket(to: address)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    unsafe slots.deallocate()
  }

  private func bindSocket(to address: SocketAddress) throws(Failure) {
    setBuffer(SO_SNDBUF)
    setBuffer(SO_RCVBUF)
    // Beyond what the system allows everybody, for those who may.
    if receiveBuffer < Self.bufferBytes { setBuffer(SO_RCVBUFFORCE) }
    var storage = sockaddr_storage()
    let count = SystemAddress.write(address, into: &storage, asIPv6: isIPv6)
    let status = unsafe withUnsafePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, count) }
    }
    guard status == 0 else { throw Failure.system(call: "bind", code: errno) }
  }

  /// What is refused is done without.
  private func setBuffer(_ option: Int32) {
    var size = Self.bufferBytes
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The bytes the kernel gave for what is not read yet; it counts them twice, for its own needs.
  private var receiveBuffer: Int32 {
    var size: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let status = unsafe getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length)
    return status == 0 ? size / 2 : 0
  }

  /// The bytes of the receive buffer, if those are too few.
  var shortReceiveBuffer: Int? { receiveBuffer < Self.usefulBytes ? Int(receiveBuffer) : nil }

  /// The address the socket is really bound to (the port may have been 0).
  var localAddress: SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
    }
    return status == 0 ? SystemAddress.read(storage) : nil
  }

  /// Reads up to `batch` waiting datagrams and gives each to `body`, which may send. Returns how many there were.
  func receive(_ body: (UnsafeMutableRawBufferPointer, SocketAddress) -> Void) -> Int {
    incoming.makeRoomForNames(count: Self.batch)
    let count = Int(unsafe mixd_recvmmsg(descriptor, incoming.headers, UInt32(Self.batch)))
    guard count > 0 else { return 0 }
    for index in 0..<count {
      guard let source = SystemAddress.read(incoming.name(index)) else { continue }
      let length = min(incoming.length(index), Self.slotSize)
      unsafe body(UnsafeMutableRawBufferPointer(rebasing: slot(index)[..<length]), source)
    }
    return count
  }

  private func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: slots + index * Self.slotSize, count: Self.slotSize)
  }

  /// Sends everything in `queue`. What the kernel cannot take now is dropped, as the network would drop it.
  func send(_ queue: borrowing TransmitQueue) {
    var next = 0
    unsafe queue.bytes.withUnsafeBytes { bytes in
      let bytes = unsafe UnsafeMutableRawBufferPointer(mutating: bytes)
      while next < queue.datagrams.count {
        let count = min(Self.batch, queue.datagrams.count - next)
        for index in 0..<count {
          let datagram = queue.datagrams[next + index]
          let range = datagram.offset..<(datagram.offset + datagram.length)
          unsafe outgoing.set(index, memory: UnsafeMutableRawBufferPointer(rebasing: bytes[range])) { name in
            SystemAddress.write(datagram.destination, into: &name, asIPv6: isIPv6)
          }
        }
        let sent = Int(unsafe mixd_sendmmsg(descriptor, outgoing.headers, UInt32(count)))
        if sent < count { sendFailures += 1 }
        next += max(sent, 1)
      }
    }
  }
}
