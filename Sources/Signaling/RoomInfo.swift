/// How a room presents itself.
public struct RoomInfo: Sendable, Equatable, Codable {
  public internal(set) var title: String
  public internal(set) var layout: String
  /// Where its picture is: an `https` URL, or nothing.
  public internal(set) var cover = ""
  public internal(set) var notice = ""
  public internal(set) var category = ""
  public internal(set) var tags: [String] = []

  public init(title: String, layout: String) {
    self.title = title
    self.layout = layout
  }
}

/// A wish to change a room; `nil` leaves a field as it is.
public struct RoomChange: Sendable, Equatable {
  public var title: String?
  public var layout: String?
  public var cover: String?
  public var notice: String?
  public var category: String?
  public var tags: [String]?
  public var settings = SettingsChange()

  public init() {}

  var permission: Permission {
    let isModeration = title == nil && layout == nil && cover == nil && category == nil && tags == nil
    return isModeration && settings.isModeration ? .moderateRoom : .editRoom
  }
}

extension RoomInfo {
  public func applying(_ change: RoomChange) throws(SignalingError) -> RoomInfo {
    var result = self
    if let title = change.title { result.title = try DisplayText.title(title) }
    if let cover = change.cover { result.cover = try Self.cover(cover) }
    if let notice = change.notice { result.notice = try DisplayText.notice(notice) }
    if let category = change.category {
      guard let category = DisplayText.line(category, characters: 20, bytes: 160) else { throw .categoryInvalid }
      result.category = category
    }
    if let tags = change.tags { result.tags = try Self.tags(tags) }
    result.layout = change.layout ?? layout
    return result
  }

  private static func tags(_ raw: [String]) throws(SignalingError) -> [String] {
    guard raw.count <= 5 else { throw .tagsInvalid }
    var tags: [String] = []
    for tag in raw {
      guard let tag = DisplayText.line(tag, characters: 16, bytes: 128), !tag.isEmpty else { throw .tagsInvalid }
      if !tags.contains(tag) { tags.append(tag) }
    }
    return tags
  }

  /// Plain enough to stand in an attribute of a page: no white space, no quotes, no user name.
  private static func cover(_ url: String) throws(SignalingError) -> String {
    if url.isEmpty { return url }
    let scheme = "https://"
    let forbidden = Set<UInt8>("\"'<>\\^`{|}".utf8)
    guard url.utf8.count <= 512, url.hasPrefix(scheme),
      url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !forbidden.contains($0) })
    else { throw .coverInvalid }
    let host = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    guard !host.isEmpty, !host.contains("@") else { throw .coverInvalid }
    return url
  }
}
