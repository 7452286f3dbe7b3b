extension StoreMigrations {
  /// Rooms that were banned before there was a table of them, and what counts a host's open rooms.
  static let roomBans = """
    CREATE TABLE roomBans (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      room TEXT NOT NULL UNIQUE REFERENCES rooms(id) ON DELETE CASCADE,
      reason TEXT NOT NULL,
      bannedBy TEXT NOT NULL,
      wasOpen INTEGER NOT NULL,
      createdAt INTEGER NOT NULL);
    INSERT INTO roomBans (room, reason, bannedBy, wasOpen, createdAt)
      SELECT id, '', '', 0, coalesce(json_extract(memory, '$.ended'), createdAt) FROM rooms
      WHERE status = 'ended' AND json_extract(memory, '$.isClosedForGood') ORDER BY sequence;
    CREATE INDEX openRoomsByHost ON rooms (host) WHERE status <> 'ended';
    """
}
