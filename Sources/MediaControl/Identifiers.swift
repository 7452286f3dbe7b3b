/// Opaque names made by the control side; the media side only compares them.
public struct RoomID: Hashable, Sendable, Codable, RawRepresentable {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

public struct UserID: Hashable, Sendable, Codable, RawRepresentable {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// One WebRTC session (a WHIP or WHEP resource).
public struct SessionID: Hashable, Sendable, Codable, RawRepresentable {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

public struct OutputID: Hashable, Sendable, Codable, RawRepresentable {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}
