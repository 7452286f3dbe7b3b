extension StoreMigrations {
  /// What a room remembers as JSON, and beside it what the list is searched by. Older rooms remember nothing.
  static let roomMemory = """
    ALTER TABLE rooms ADD COLUMN memory TEXT;
    ALTER TABLE rooms ADD COLUMN search TEXT NOT NULL DEFAULT '';
    ALTER TABLE rooms ADD COLUMN category TEXT NOT NULL DEFAULT '';
    ALTER TABLE rooms ADD COLUMN tags TEXT NOT NULL DEFAULT '';
    ALTER TABLE rooms ADD COLUMN expiry INTEGER NOT NULL DEFAULT 0;
    UPDATE rooms SET search = lower(title) || char(10) || lower(id);
    CREATE INDEX roomsByHost ON rooms (host, sequence);
    CREATE INDEX roomsByExpiry ON rooms (expiry) WHERE status <> 'ended';
    """
}
