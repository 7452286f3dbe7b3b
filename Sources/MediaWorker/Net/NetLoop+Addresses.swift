import MixCore
import Transport

/// Which session a datagram is for.
///
/// An address belongs to the session that last got authentic media from it. A check proves who sent it but not from
/// where, so it claims only what nobody else is using: otherwise any peer could take another one's packets away.
extension NetLoop {
  /// As many as the ICE agent itself keeps.
  private static let maximumAddresses = 8

  func receive(_ datagram: UnsafeMutableRawBufferPointer, from source: SocketAddress, now: MediaTime) {
    counters.datagramsReceived &+= 1
    let owner = byAddress[source]
    guard let session = unsafe session(for: UnsafeRawBufferPointer(datagram), owner: owner) else {
      counters.datagramsUnknown &+= 1
      return
    }
    switch unsafe session.rtc.receive(datagram, from: source, now: now) {
    case .authenticated:
      if owner !== session, owner?.rtc.hasRecentMedia(from: source, now: now) != true { give(source, to: session) }
    case .accepted:
      if owner !== session { give(source, to: session) }
    case .dropped: counters.datagramsDropped &+= 1
    }
    noteSources(of: session)
    service(session, now: now)
  }

  /// A check names its session itself, for it may come from a new address; everything else is found by its address.
  private func session(for datagram: UnsafeRawBufferPointer, owner: NetSession?) -> NetSession? {
    if let ufrag = unsafe RTCSession.localUfrag(ofBindingRequest: datagram) { return byUfrag[ufrag] }
    if let owner { return owner }
    return unsafe movedSession(of: datagram)
  }

  /// Media from an address nobody knows: a NAT may have given its sender a new port, before any check says so. Tried only
  /// if one session alone knows such a source, which strangers have to guess.
  private func movedSession(of datagram: UnsafeRawBufferPointer) -> NetSession? {
    guard let source = unsafe RTCSession.source(of: datagram), let candidates = bySource[source] else { return nil }
    return candidates.count == 1 ? candidates.first : nil
  }

  /// After each datagram: mostly both lists are one and the same.
  private func noteSources(of session: NetSession) {
    guard session.sources != session.rtc.heardSources else { return }
    forgetSources(of: session)
    session.sources = session.rtc.heardSources
    for source in session.sources { bySource[source, default: []].append(session) }
  }

  func forgetSources(of session: NetSession) {
    for source in session.sources {
      bySource[source]?.removeAll { $0 === session }
      if bySource[source]?.isEmpty == true { bySource[source] = nil }
    }
    session.sources = []
  }

  private func give(_ source: SocketAddress, to session: NetSession) {
    byAddress[source]?.addresses.removeAll { $0 == source }
    byAddress[source] = session
    session.addresses.append(source)
    guard session.addresses.count > Self.maximumAddresses else { return }
    // The oldest one that is not in use is the least likely to come back.
    let destination = session.rtc.destination
    guard let index = session.addresses.firstIndex(where: { $0 != destination }) else { return }
    byAddress[session.addresses.remove(at: index)] = nil
  }

  /// After an ICE restart a session has new names beside its old ones.
  func nameAnew(_ session: NetSession) {
    guard session.names != session.rtc.localUfrags else { return }
    for name in session.names { byUfrag[name] = nil }
    session.names = session.rtc.localUfrags
    for name in session.names { byUfrag[name] = session }
  }
}
