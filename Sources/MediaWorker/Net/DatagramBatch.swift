import CLinux
import Glibc

/// What the kernel is told of some datagrams in one call: where each lies, and from whom or for whom it is.
@safe struct DatagramBatch: ~Copyable {
  @unsafe let headers: UnsafeMutablePointer<mixd_mmsghdr>
  @unsafe private let vectors: UnsafeMutablePointer<iovec>
  @unsafe private let names: UnsafeMutablePointer<sockaddr_storage>

  init(capacity: Int) {
    unsafe headers = UnsafeMutablePointer<mixd_mmsghdr>.allocate(capacity: capacity)
    unsafe vectors = UnsafeMutablePointer<iovec>.allocate(capacity: capacity)
    unsafe names = UnsafeMutablePointer<sockaddr_storage>.allocate(capacity: capacity)
    unsafe headers.initialize(repeating: mixd_mmsghdr(), count: capacity)
    unsafe vectors.initialize(repeating: iovec(), count: capacity)
    unsafe names.initialize(repeating: sockaddr_storage(), count: capacity)
  }

  deinit {
    unsafe headers.deallocate()
    unsafe vectors.deallocate()
    unsafe names.deallocate()
  }

  /// Datagram `index` is, or is to be, in `memory`.
  /// - Parameter write: writes the other side's address and returns how much of it counts.
  @unsafe func set(
    _ index: Int, memory: UnsafeMutableRawBufferPointer, name write: (inout sockaddr_storage) -> socklen_t
  ) {
    unsafe vectors[index] = unsafe iovec(iov_base: memory.baseAddress, iov_len: memory.count)
    let length = unsafe write(&names[index])
    unsafe headers[index].msg_hdr = unsafe msghdr(
      msg_name: names + index, msg_namelen: length, msg_iov: vectors + index, msg_iovlen: 1, msg_control: nil,
      msg_controllen: 0, msg_flags: 0)
  }

  /// Lets the first `count` addresses be of any length: a reception leaves the lengths of those it has read. All else
  /// that `set` has written stays as it is.
  func makeRoomForNames(count: Int) {
    for index in 0..<count {
      unsafe headers[index].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
    }
  }

  /// Who sent datagram `index`.
  func name(_ index: Int) -> sockaddr_storage { unsafe names[index] }

  /// Bytes of datagram `index` that were received.
  func length(_ index: Int) -> Int { unsafe Int(headers[index].msg_len) }
}
