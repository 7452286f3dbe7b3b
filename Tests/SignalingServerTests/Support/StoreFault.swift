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
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: directory + "/mixd.sqlite", configuration: configuration)
    try await queue.write { db in try db.execute(sql: sql) }
  }
}
