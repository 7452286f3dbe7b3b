import Crypto
import CryptoExtras
import Foundation

/// What guessing a password costs: scrypt's parameters. Stored with every password, so that they may change.
public struct PasswordCost: Sendable, Equatable {
  /// Logarithm of the number of rounds; memory is 2^rounds × block size × 128 bytes.
  public var rounds: Int
  public var blockSize: Int
  public var parallelism: Int

  public init(rounds: Int = 15, blockSize: Int = 8, parallelism: Int = 3) {
    self.rounds = rounds
    self.blockSize = blockSize
    self.parallelism = parallelism
  }
}

/// A password as it is stored: `$scrypt$ln=15,r=8,p=3$salt$hash`, both in base 64.
struct PasswordHash: Sendable, Equatable {
  private let cost: PasswordCost
  private let salt: Data
  private let hash: Data

  /// Takes as long as `cost` says.
  init(_ password: String, cost: PasswordCost) throws {
    var generator = SystemRandomNumberGenerator()
    self.cost = cost
    salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    hash = try Self.derive(password, salt, cost)
  }

  init?(text: String) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = PasswordCost(text: parts[2]),
      let salt = Data(base64Encoded: String(parts[3])), let hash = Data(base64Encoded: String(parts[4]))
    else { return nil }
    (self.cost, self.salt, self.hash) = (cost, salt, hash)
  }

  var text: String { "$scrypt$\(cost.text)$\(salt.base64EncodedString())$\(hash.base64EncodedString())" }

  /// Takes as long as making it did, whatever the password is.
  func matches(_ password: String) -> Bool {
    guard let other = try? Self.derive(password, salt, cost), other.count == hash.count else { return false }
    return zip(other, hash).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func derive(_ password: String, _ salt: Data, _ cost: PasswordCost) throws -> Data {
    let key = try KDF.Scrypt.deriveKey(
      from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost.rounds, blockSize: cost.blockSize,
      parallelism: cost.parallelism)
    return unsafe key.withUnsafeBytes { unsafe Data($0) }
  }
}

extension PasswordCost {
  fileprivate init?(text: Substring) {
    let numbers = text.split(separator: ",").compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
    guard numbers.count == 3, (1...20).contains(numbers[0]), (1...32).contains(numbers[1]),
      (1...16).contains(numbers[2])
    else { return nil }
    self.init(rounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
  }

  fileprivate var text: String { "ln=\(rounds),r=\(blockSize),p=\(parallelism)" }
}
