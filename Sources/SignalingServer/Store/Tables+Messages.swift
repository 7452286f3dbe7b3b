extension StoreMigrations {
  static let messages = """
    CREATE TABLE messages (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      room TEXT NOT NULL REFERENCES rooms(id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      user TEXT,
      name TEXT,
      role TEXT,
      admin INTEGER,
      text TEXT NOT NULL,
      gift TEXT,
      count INTEGER,
      sentAt INTEGER NOT NULL);
    CREATE INDEX messagesByRoom ON messages (room, sequence);
    CREATE TABLE chats (
      room TEXT PRIMARY KEY REFERENCES rooms(id) ON DELETE CASCADE,
      likes INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    """

  /// All gifts of a room, and the sum of their prices. What was given before is not counted.
  static let giftTotals = """
    ALTER TABLE chats ADD COLUMN gifts INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE chats ADD COLUMN giftValue INTEGER NOT NULL DEFAULT 0;
    """
}
