extension StoreMigrations {
  /// The mutes and bans of rooms that have any, as JSON. Once they were in the memory of their room, which is written
  /// with every change and read for every list.
  static let sanctions = """
    CREATE TABLE sanctions (
      room TEXT PRIMARY KEY REFERENCES rooms(id) ON DELETE CASCADE,
      body TEXT NOT NULL);
    INSERT INTO sanctions (room, body) SELECT id, json_extract(memory, '$.chat') FROM rooms
      WHERE json_array_length(memory, '$.chat.mutes') > 0 OR json_array_length(memory, '$.chat.bans') > 0;
    UPDATE rooms SET memory = json_set(memory, '$.chat.mutes', json('[]'), '$.chat.bans', json('[]'))
      WHERE id IN (SELECT room FROM sanctions);
    """
}
