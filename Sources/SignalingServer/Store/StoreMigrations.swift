import GRDB

/// The history of the database's tables, oldest first. A migration that was released never changes.
enum StoreMigrations {
  static var all: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: users, rooms, outputs") { db in try db.execute(sql: usersRoomsOutputs) }
    migrator.registerMigration("messages") { db in try db.execute(sql: messages) }
    migrator.registerMigration("accounts") { db in try db.execute(sql: accounts) }
    migrator.registerMigration("room memory") { db in try db.execute(sql: roomMemory) }
    migrator.registerMigration("webhooks") { db in try db.execute(sql: webhooks) }
    migrator.registerMigration("room bans") { db in try db.execute(sql: roomBans) }
    migrator.registerMigration("issuers") { db in try db.execute(sql: issuers) }
    migrator.registerMigration("reach of outputs") { db in try db.execute(sql: reach) }
    migrator.registerMigration("places of sign-ins") { db in try db.execute(sql: places) }
    migrator.registerMigration("sanctions") { db in try db.execute(sql: sanctions) }
    migrator.registerMigration("gift totals") { db in try db.execute(sql: giftTotals) }
    migrator.registerMigration("retention") { db in try db.execute(sql: retention) }
    migrator.registerMigration("preceding refresh tokens") { db in try db.execute(sql: precedingTokens) }
    migrator.registerMigration("search without ids") { db in try db.execute(sql: searchWithoutIDs) }
    migrator.registerMigration("recordings") { db in try db.execute(sql: recordings) }
    return migrator
  }

  private static let usersRoomsOutputs = """
    CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE rooms (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      host TEXT NOT NULL REFERENCES users(id),
      title TEXT NOT NULL,
      layout TEXT NOT NULL,
      status TEXT NOT NULL,
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      frameRate INTEGER NOT NULL,
      bitrate INTEGER NOT NULL,
      createdAt INTEGER NOT NULL);
    CREATE INDEX roomsByStatus ON rooms (status, sequence);
    CREATE TABLE outputs (
      id TEXT PRIMARY KEY,
      room TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
      url TEXT NOT NULL);
    CREATE INDEX outputsByRoom ON outputs (room);
    """
}
