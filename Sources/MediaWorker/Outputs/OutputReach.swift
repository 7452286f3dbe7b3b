import MediaControl
import MixCore
import Outputs

/// Where an output may connect to.
public enum OutputReach: Sendable {
  case anywhere
  /// Public addresses only. The name is looked up before each connection, and what was checked is connected to.
  case publicAddresses(lookup: @Sendable (_ host: String) -> [[UInt8]])
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
