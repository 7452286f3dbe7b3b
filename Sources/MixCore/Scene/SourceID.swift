/// Who a picture or a sound comes from: one participant.
public struct SourceID: Hashable, Sendable, Codable {
  public var rawValue: String

  public init(_ rawValue: String) { self.rawValue = rawValue }
}
