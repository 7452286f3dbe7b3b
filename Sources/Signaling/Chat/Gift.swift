/// Something viewers can give.
public struct Gift: Sendable, Equatable, Codable {
  public struct Names: Sendable, Equatable, Codable {
    public let zh: String
    public let en: String
  }

  public let id: String
  public let name: Names
  public let emoji: String
  /// In the smallest coin of whoever runs the server; mixd moves no money.
  public let price: Int

  public init(id: String, zh: String, en: String, emoji: String, price: Int = 0) {
    self.id = id
    name = Names(zh: zh, en: en)
    self.emoji = emoji
    self.price = price
  }

  /// What one of it counts in a battle.
  public var points: Int { price > 0 ? price : 10 }

  public var isValid: Bool {
    let names = [name.zh, name.en]
    return (1...32).contains(id.utf8.count) && id.utf8.allSatisfy(Self.isNameByte) && (0...1_000_000).contains(price)
      && names.allSatisfy { (1...64).contains($0.utf8.count) } && (1...64).contains(emoji.utf8.count)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

/// The gifts of a server.
public struct GiftCatalogue: Sendable, Equatable {
  public let gifts: [Gift]

  /// `nil` if a gift is unusable, an id occurs twice or there are more than 100.
  public init?(_ gifts: [Gift]) {
    guard gifts.count <= 100, gifts.allSatisfy(\.isValid), Set(gifts.map(\.id)).count == gifts.count else { return nil }
    self.gifts = gifts
  }

  private init(standard: [Gift]) { gifts = standard }

  public func gift(_ id: String) throws(SignalingError) -> Gift {
    guard let gift = gifts.first(where: { $0.id == id }) else { throw .giftUnknown }
    return gift
  }

  public static let standard = GiftCatalogue(standard: [
    Gift(id: "rose", zh: "玫瑰", en: "Rose", emoji: "🌹"),
    Gift(id: "heart", zh: "爱心", en: "Heart", emoji: "💖"),
    Gift(id: "applause", zh: "鼓掌", en: "Applause", emoji: "👏"),
    Gift(id: "coffee", zh: "咖啡", en: "Coffee", emoji: "☕"),
    Gift(id: "cake", zh: "蛋糕", en: "Cake", emoji: "🎂"),
    Gift(id: "fireworks", zh: "烟花", en: "Fireworks", emoji: "🎆"),
    Gift(id: "crown", zh: "皇冠", en: "Crown", emoji: "👑"),
    Gift(id: "rocket", zh: "火箭", en: "Rocket", emoji: "🚀"),
  ])
}
