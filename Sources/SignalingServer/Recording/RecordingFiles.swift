import Foundation

/// The files of recordings: a directory for each room, and names that the server has made itself.
struct RecordingFiles: Sendable {
  /// What is known of one file.
  struct Facts: Sendable, Equatable {
    let bytes: Int64
    /// Milliseconds since 1970.
    let changedAt: Int64
  }

  /// The server's.
  let dataDirectory: String

  private var directory: String { dataDirectory + "/recordings" }

  func path(of recording: StoredRecording) -> String { "\(folder(of: recording.room))/\(recording.id).mp4" }

  private func folder(of room: String) -> String { "\(directory)/\(room)" }

  /// Makes an empty file that nobody else may read: the worker keeps its mode.
  func create(_ recording: StoredRecording) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: folder(of: recording.room), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let path = path(of: recording)
    guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
  }

  /// `nil` if there is no such file, or nothing in it.
  func facts(of recording: StoredRecording) -> Facts? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: recording)),
      let bytes = (attributes[.size] as? NSNumber)?.int64Value, bytes > 0
    else { return nil }
    let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return Facts(bytes: bytes, changedAt: Int64(changed * 1000))
  }

  func bytes(of recording: StoredRecording) -> Int64 { facts(of: recording)?.bytes ?? 0 }

  func remove(_ recording: StoredRecording) { try? FileManager.default.removeItem(atPath: path(of: recording)) }

  func removeAll(of room: String) { try? FileManager.default.removeItem(atPath: folder(of: room)) }

  /// Rooms that have a directory here. Whatever else lies there, such as a disk's `lost+found`, is not ours.
  var rooms: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasPrefix("r_") }
  }

  /// Bytes that may still be written; as much as there can be where nobody knows.
  var freeBytes: Int64 { Self.freeBytes(at: directory) ?? Self.freeBytes(at: dataDirectory) ?? .max }

  private static func freeBytes(at path: String) -> Int64? {
    let system = try? FileManager.default.attributesOfFileSystem(forPath: path)
    return (system?[.systemFreeSize] as? NSNumber)?.int64Value
  }
}
