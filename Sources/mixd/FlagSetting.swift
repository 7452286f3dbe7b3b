import Configuration

extension ConfigReader {
  /// True or false, or nothing; anything else is named with what is expected.
  func flag(_ name: String) async throws -> Bool? {
    do {
      return try await fetchBool(forKey: ConfigKey(name))
    } catch {
      throw CommandFailure(message: "the setting \(name) must be true or false")
    }
  }
}
