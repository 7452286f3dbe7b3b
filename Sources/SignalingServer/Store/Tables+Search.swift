extension StoreMigrations {
  /// Ids were among what rooms are searched by, and parts of them were found. The oldest rows end with theirs.
  static let searchWithoutIDs = """
    UPDATE rooms SET search = replace(search || char(10), char(10) || lower(id) || char(10), char(10));
    """
}
