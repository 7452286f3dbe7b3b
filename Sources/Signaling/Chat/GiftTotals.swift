/// All gifts a room ever got, whether they were told one by one or not.
public struct GiftTotals: Sendable, Equatable {
  public private(set) var count: Int
  /// The sum of their prices.
  public private(set) var value: Int

  public init(count: Int = 0, value: Int = 0) {
    self.count = count
    self.value = value
  }

  mutating func add(_ number: Int, of gift: Gift) {
    count += number
    value += gift.price * number
  }
}
