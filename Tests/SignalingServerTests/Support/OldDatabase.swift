import Foundation
import GRDB

@testable import SignalingServer

/// Makes a database as an earlier server has left it: rooms of `u_ann`, of which one column is given.
func makeOldDatabase(
  _ path: String, upTo migration: String, _ column: String, ofRooms values: [String: String]
) async throws {
  let old = try DatabaseQueue(path: path)
  try StoreMigrations.all.migrate(old, upTo: migration)
  try await old.write { db in
    try db.execute(sql: "INSERT INTO users (id, name) VALUES ('u_ann', 'Ann')")
    for (id, value) in values {
      try db.execute(
        sql: """
          INSERT INTO rooms (id, host, title, layout, status, width, height, frameRate, bitrate, createdAt, \(column))
          VALUES (?, 'u_ann', 'T', 'pip', 'waiting', 1280, 720, 30, 2500000, 7, ?)
          """, arguments: [id, value])
    }
  }
  try old.close()
}
