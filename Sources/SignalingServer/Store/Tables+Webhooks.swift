extension StoreMigrations {
  static let webhooks = """
    CREATE TABLE webhooks (
      id TEXT PRIMARY KEY,
      url TEXT NOT NULL,
      events TEXT NOT NULL,
      rooms TEXT,
      format TEXT NOT NULL,
      secret TEXT NOT NULL,
      isEnabled INTEGER NOT NULL,
      reason TEXT,
      createdAt INTEGER NOT NULL,
      dropped INTEGER NOT NULL);
    CREATE TABLE deliveries (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      webhook TEXT NOT NULL REFERENCES webhooks(id) ON DELETE CASCADE,
      lane TEXT NOT NULL,
      event TEXT NOT NULL,
      type TEXT NOT NULL,
      room TEXT,
      body TEXT NOT NULL,
      createdAt INTEGER NOT NULL,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      due INTEGER NOT NULL,
      finishedAt INTEGER,
      status INTEGER,
      reason TEXT);
    CREATE INDEX deliveriesByWebhook ON deliveries (webhook, state, sequence);
    CREATE INDEX deliveriesPending ON deliveries (sequence) WHERE state = 'pending';
    """
}
