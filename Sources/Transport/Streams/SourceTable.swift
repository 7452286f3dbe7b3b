import MixCore

/// Finds the stream an RTP packet belongs to (RFC 8843 §9.2, RFC 8853 §5.5): by its SSRC if that is known, by its MID and
/// RID, by a payload type that only one section uses. If several sections have the same SSRC, the MID decides, and without
/// one the payload type where it is of one of them only. New sources are learned, but only so many; one that has long been
/// silent gives its place away.
struct SourceTable: Sendable {
  static let maximumSources = 32
  private static let longestSilence = MediaTime.seconds(10)

  struct Route: Sendable, Equatable {
    var media: Int
    /// Of simulcast; 0 without.
    var layer: Int
  }

  private struct Source: Sendable {
    var ssrc: UInt32
    var route: Route
    /// Announced ones are kept however silent they are.
    var lastHeard: MediaTime
  }

  private struct Section: Sendable {
    var media: Int
    var mid: ExtensionToken?
    /// The peer tells MIDs.
    var tellsMID: Bool
    var layers: [ExtensionToken]
    var repairType: UInt8?
    var payloadTypes: [UInt8]
  }

  private var sources: [Source] = []
  private var sections: [Section] = []

  init(media: [NegotiatedMedia]) {
    for (index, section) in media.enumerated() where !section.rejected && section.direction == .receive {
      let types = [section.payloadType, section.rtxPayloadType, section.redPayloadType].compactMap { $0 }
      sections.append(
        Section(
          media: index, mid: ExtensionToken(section.mid), tellsMID: section.extensions[.mid] != 0,
          layers: section.layers.compactMap { ExtensionToken($0) }, repairType: section.rtxPayloadType,
          payloadTypes: types))
      guard section.layers.isEmpty else { continue }
      for ssrc in [section.remoteSSRC, section.remoteRTXSSRC].compactMap({ $0 }) {
        learn(ssrc, Route(media: index, layer: 0), now: .distantFuture)
      }
    }
  }

  /// The stream of the packet; `nil` if it is of none.
  mutating func route(of header: RTPHeader, now: MediaTime) -> Route? {
    let told = header.extensions.mid.flatMap { mid in sections.first { $0.mid == mid }?.media }
    var place: Int?
    var isKnown = false
    // The same few sources again and again: a short list beats hashing.
    for candidate in sources.indices where sources[candidate].ssrc == header.ssrc {
      let media = sources[candidate].route.media
      guard told == nil || told == media else { continue }
      isKnown = true
      guard accepts(header.payloadType, in: media) else { continue }
      guard place == nil else { return nil }
      place = candidate
    }
    if let place {
      sources[place].lastHeard = max(sources[place].lastHeard, now)
      return sources[place].route
    }
    guard !isKnown, let section = section(of: header), section.payloadTypes.contains(header.payloadType),
      let layer = layer(of: header, in: section)
    else { return nil }
    let route = Route(media: section.media, layer: layer)
    return learn(header.ssrc, route, now: now) ? route : nil
  }

  private func accepts(_ payloadType: UInt8, in media: Int) -> Bool {
    sections.contains { $0.media == media && $0.payloadTypes.contains(payloadType) }
  }

  /// A source that nobody announced needs its MID wherever the peer can tell it, except the first one and retransmissions.
  private func section(of header: RTPHeader) -> Section? {
    if let mid = header.extensions.mid { return sections.first { $0.mid == mid } }
    let fitting = sections.filter { $0.payloadTypes.contains(header.payloadType) }
    guard let section = fitting.first, fitting.count == 1 else { return nil }
    let isExpected =
      !section.tellsMID || header.payloadType == section.repairType
      || !sources.contains { $0.route.media == section.media }
    return isExpected ? section : nil
  }

  /// `nil` if the packet tells no layer that was agreed.
  private func layer(of header: RTPHeader, in section: Section) -> Int? {
    guard !section.layers.isEmpty else { return 0 }
    let isRepair = header.payloadType == section.repairType
    guard let rid = isRepair ? header.extensions.repairedRID : header.extensions.rid else { return nil }
    return section.layers.firstIndex(of: rid)
  }

  @discardableResult
  private mutating func learn(_ ssrc: UInt32, _ route: Route, now: MediaTime) -> Bool {
    guard !sources.contains(where: { $0.ssrc == ssrc && $0.route == route }) else { return true }
    if sources.count >= Self.maximumSources {
      guard let oldest = sources.indices.min(by: { sources[$0].lastHeard < sources[$1].lastHeard }),
        now - sources[oldest].lastHeard >= Self.longestSilence
      else { return false }
      sources.remove(at: oldest)
    }
    sources.append(Source(ssrc: ssrc, route: route, lastHeard: now))
    return true
  }
}
