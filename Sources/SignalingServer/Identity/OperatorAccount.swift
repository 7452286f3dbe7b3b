/// The account that runs the platform.
public struct OperatorAccount: Sendable, Equatable, CustomStringConvertible {
  public let name: String
  public let password: String

  /// Without the password, wherever the account is printed.
  public var description: String { name }

  public struct Unusable: Error, CustomStringConvertible {
    public let description: String
  }

  /// Refuses what no account may be called, and passwords no account may have.
  public init(name: String, password: String) throws(Unusable) {
    do throws(APIError) {
      self.name = try AccountRules.name(name)
      self.password = try AccountRules.password(password)
    } catch {
      throw Unusable(description: error.message)
    }
  }
}
