extension StoreMigrations {
  /// `login` is an account's name in lower case; guests have none. `issuer` is the API key that made a user.
  static let accounts = """
    ALTER TABLE users ADD COLUMN kind TEXT NOT NULL DEFAULT 'guest';
    ALTER TABLE users ADD COLUMN login TEXT;
    ALTER TABLE users ADD COLUMN password TEXT;
    ALTER TABLE users ADD COLUMN operator INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE users ADD COLUMN issuer TEXT;
    CREATE UNIQUE INDEX usersByLogin ON users (login) WHERE login IS NOT NULL;
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      user TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
      refresh BLOB,
      revoked INTEGER NOT NULL DEFAULT 0,
      expiresAt INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX sessionsByUser ON sessions (user);
    CREATE INDEX sessionsByExpiry ON sessions (expiresAt);
    CREATE TABLE apiKeys (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      hash BLOB NOT NULL UNIQUE,
      createdAt INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE platformBans (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      user TEXT NOT NULL UNIQUE REFERENCES users(id) ON DELETE CASCADE,
      reason TEXT NOT NULL,
      bannedBy TEXT NOT NULL,
      createdAt INTEGER NOT NULL);
    """

  /// Who minted the token of a session (`Issuer`).
  static let issuers = "ALTER TABLE sessions ADD COLUMN issuer TEXT"

  /// Where the account of a session signed in.
  static let places = "ALTER TABLE sessions ADD COLUMN place TEXT"

  /// The refresh token before the newest of a session, and when it was exchanged.
  static let precedingTokens = """
    ALTER TABLE sessions ADD COLUMN preceding BLOB;
    ALTER TABLE sessions ADD COLUMN rotatedAt INTEGER;
    """

  /// Whether an output may be pushed into the server's own network.
  static let reach = "ALTER TABLE outputs ADD COLUMN allowsPrivate INTEGER NOT NULL DEFAULT 0"
}
