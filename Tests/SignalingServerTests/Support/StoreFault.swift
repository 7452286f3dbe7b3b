import GRDB

@testable import SignalingServer

extension SQLiteStore {
  /// Something done to the tables behind the server's back: a trigger that lets statements fail, for example.
  func execute(_ sql: String) async throws {
    try await database.write { db in try db.execute(sql: sql) }
  }
}

extension TestServer {
  func execute(_ sql: String) async throws {
    try await database().write { db in try db.execute(sql: sql) }
  }

  /// How many rows a table has.
  func count(_ table: String) async throws -> Int? {
    try await database().read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") }
  }

  private func database() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    return try DatabaseQueue(path: directory + "/mixd.sqlite", configuration: configuration)
  }
}
