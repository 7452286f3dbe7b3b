import MixCore

/// Finds the m-section an RTP packet belongs to (RFC 8843 §9.2): by its SSRC if that is known, by its MID, by a payload
/// type that only one section uses. New sources are learned, but only so many.
struct SourceTable: Sendable {
  static let maximumSources = 32

  private struct Source: Sendable {
    var ssrc: UInt32
    var media: Int
  }

  private struct Section: Sendable {
    var media: Int
    var mid: ExtensionToken?
    var payloadTypes: [UInt8]
  }

  private var sources: [Source] = []
  private var sections: [Section] = []

  init(media: [NegotiatedMedia]) {
    for (index, section) in media.enumerated() where !section.rejected && section.direction == .receive {
      let types = [section.payloadType, section.rtxPayloadType].compactMap { $0 }
      sections.append(Section(media: index, mid: ExtensionToken(section.mid), payloadTypes: types))
      for ssrc in [section.remoteSSRC, section.remoteRTXSSRC].compactMap({ $0 }) { learn(ssrc, media: index) }
    }
  }

  /// The index of the section; `nil` for a packet of no section.
  mutating func media(of header: RTPHeader) -> Int? {
    // The same few sources again and again: a short list beats hashing.
    if let known = sources.first(where: { $0.ssrc == header.ssrc }) {
      return accepts(known.media, payloadType: header.payloadType) ? known.media : nil
    }
    let found: Int
    if let mid = header.extensions.mid {
      guard let section = sections.first(where: { $0.mid == mid }) else { return nil }
      found = section.media
    } else {
      let fitting = sections.filter { $0.payloadTypes.contains(header.payloadType) }
      guard let section = fitting.first, fitting.count == 1 else { return nil }
      found = section.media
    }
    guard accepts(found, payloadType: header.payloadType), learn(header.ssrc, media: found) else { return nil }
    return found
  }

  func media(ofSource ssrc: UInt32) -> Int? { sources.first { $0.ssrc == ssrc }?.media }

  private func accepts(_ media: Int, payloadType: UInt8) -> Bool {
    sections.contains { $0.media == media && $0.payloadTypes.contains(payloadType) }
  }

  @discardableResult
  private mutating func learn(_ ssrc: UInt32, media: Int) -> Bool {
    guard sources.count < Self.maximumSources else { return false }
    sources.append(Source(ssrc: ssrc, media: media))
    return true
  }
}
