extension StoreMigrations {
  /// `idleSince`: when a guest was first found with nothing that is his, in milliseconds since 1970.
  static let retention = """
    CREATE INDEX roomsByEnd ON rooms (coalesce(json_extract(memory, '$.ended'), createdAt)) WHERE status = 'ended';
    CREATE INDEX deliveriesByRoom ON deliveries (room) WHERE room IS NOT NULL;
    CREATE INDEX deliveriesByEnd ON deliveries (finishedAt) WHERE finishedAt IS NOT NULL;
    ALTER TABLE users ADD COLUMN idleSince INTEGER;
    CREATE TRIGGER usersComeBack AFTER INSERT ON sessions BEGIN
      UPDATE users SET idleSince = NULL WHERE id = NEW.user AND idleSince IS NOT NULL;
    END;
    """
}
