import CLinux
import MediaControl
import MixCore
import Outputs

/// Where an output may connect to.
public enum OutputReach: Sendable {
  case anywhere
  /// Public addresses only. The name is looked up before each connection, and what was checked is connected to.
  case publicAddresses(lookup: @Sendable (_ host: String) -> [[UInt8]] = SystemLookup.addresses)
}

/// One output's way from its destination to what may be connected to now.
final class ReachGuard {
  private let lookup: HostLookup?
  private var attempts = 0

  init(_ reach: OutputReach) {
    lookup = if case .publicAddresses(let function) = reach { HostLookup(function) } else { nil }
  }

  /// The places to try, one after the other; each time another one first: one that is out of order does not hold up
  /// everything.
  func places(
    of destination: OutputDestination, until deadline: MediaTime, _ interrupt: InterruptFlag
  ) throws(OutputError) -> [OutputDestination] {
    guard let lookup, let host = destination.host else { return [destination] }
    let found = try lookup.addresses(of: host, until: deadline, interrupt)
    guard !found.isEmpty else { throw .unreachable("the host name has no address") }
    guard found.allSatisfy(PublicAddress.includes) else { throw .privateAddress }
    attempts += 1
    let first = (attempts - 1) % found.count
    let places = (found[first...] + found[..<first]).compactMap { destination.pinned(to: $0) }
    return places.isEmpty ? [destination] : places
  }
}

/// The resolver of the operating system.
public enum SystemLookup {
  /// Addresses in network order, 4 or 16 bytes each; none if the name is not known. May take as long as it likes.
  public static func addresses(of host: String) -> [[UInt8]] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var found: [[UInt8]] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let bytes = unsafe bytes(of: entry.pointee) { found.append(bytes) }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }

  private static func bytes(of entry: addrinfo) -> [UInt8]? {
    guard let address = unsafe entry.ai_addr else { return nil }
    let (offset, count): (Int, Int)
    switch unsafe entry.ai_family {
    case AF_INET: (offset, count) = (4, 4)  // after family and port
    case AF_INET6: (offset, count) = (8, 16)  // after family, port and flow
    default: return nil
    }
    guard unsafe Int(entry.ai_addrlen) >= offset + count else { return nil }
    return unsafe Array(UnsafeRawBufferPointer(start: address, count: offset + count)[offset...])
  }
}
