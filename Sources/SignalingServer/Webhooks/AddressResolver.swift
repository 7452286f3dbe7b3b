import NIOPosix

/// Looks host names up on two threads of its own: a name server that does not answer holds up nobody else.
struct AddressResolver: Sendable {
  typealias Lookup = @Sendable (_ host: String) -> [[UInt8]]

  private static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    return pool
  }()

  let lookup: Lookup

  init(lookup: @escaping Lookup = SystemLookup.addresses) { self.lookup = lookup }

  /// At least one address, in network order, 4 or 16 bytes each.
  func addresses(
    of host: String, until deadline: ContinuousClock.Instant, orElse refusal: APIError = .webhookUnresolved
  ) async throws(APIError) -> [[UInt8]] {
    let left = ContinuousClock.now.duration(to: deadline)
    let found = await withTimeLimit(left, late: []) { [lookup] in
      (try? await Self.threads.runIfActive { lookup(host) }) ?? []
    }
    if found.isEmpty { throw refusal }
    return found
  }
}
