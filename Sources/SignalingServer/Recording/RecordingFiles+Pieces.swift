import Foundation

/// What there is to play in a file that nobody writes any more.
extension RecordingFiles {
  /// Boxes of an MP4 that say how to play, and hold nothing that could be played.
  private static let headerBoxes: Set<String> = ["ftyp", "moov", "free", "mfra"]

  /// `nil` if there is no such file, or nothing but its header: the worker writes that with the first piece at the
  /// latest, and the piece may have been lost.
  func finished(_ recording: StoredRecording) -> Facts? {
    guard let facts = facts(of: recording), hasPieces(recording) else { return nil }
    return facts
  }

  func exists(_ recording: StoredRecording) -> Bool { FileManager.default.fileExists(atPath: path(of: recording)) }

  /// Goes from box to box as far as the header reaches. A file that cannot be read is not taken for an empty one.
  private func hasPieces(_ recording: StoredRecording) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path(of: recording)) else { return true }
    defer { try? file.close() }
    do {
      var place: UInt64 = 0
      while true {
        try file.seek(toOffset: place)
        guard let head = try file.read(upToCount: 8), head.count == 8 else { return false }
        if !Self.headerBoxes.contains(String(decoding: head.suffix(4), as: UTF8.self)) { return true }
        let size = head.prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // 0 reaches to the end of the file; no header takes the 4 GiB that 1 stands for.
        if size < 8 { return false }
        place += size
      }
    } catch {
      return true
    }
  }
}
