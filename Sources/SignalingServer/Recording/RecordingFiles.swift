import Foundation
import Logging

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
  var logger = Logger(label: "mixd.recordings") { _ in SwiftLogNoOpLogHandler() }
  /// Bytes that may still be written at a path; `nil` where nobody knows.
  var freeSpace: @Sendable (_ path: String) -> Int64? = Self.systemFreeSpace

  private static let namePrefix = "rec_"
  private static let nameSuffix = ".mp4"

  private var directory: String { dataDirectory + "/recordings" }

  func path(of recording: StoredRecording) -> String {
    "\(folder(of: recording.room))/\(recording.id)\(Self.nameSuffix)"
  }

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

  func remove(_ recording: StoredRecording) { remove(path(of: recording)) }

  func removeAll(of room: String) { remove(folder(of: room)) }

  /// What stays would take its space until somebody looks why.
  private func remove(_ path: String) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      logger.error("A recording could not be removed.", metadata: ["path": "\(path)", "error": "\(error)"])
    }
  }

  /// Rooms that have a directory here. Whatever else lies there, such as a disk's `lost+found`, is not ours.
  var rooms: [String] { Self.names(in: directory).filter { $0.hasPrefix("r_") } }

  /// Removes the files of a room that no recording of this list has.
  func removeStrangers(in room: String, known: Set<String>) {
    for name in Self.names(in: folder(of: room))
    where name.hasPrefix(Self.namePrefix) && name.hasSuffix(Self.nameSuffix) {
      if !known.contains(String(name.dropLast(Self.nameSuffix.count))) { remove("\(folder(of: room))/\(name)") }
    }
  }

  private static func names(in path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  /// Bytes that may still be written, where the files are and where the index is; as much as there can be where nobody
  /// knows.
  var freeBytes: Int64 { [directory, dataDirectory].compactMap(freeSpace).min() ?? .max }

  private static func systemFreeSpace(_ path: String) -> Int64? {
    let system = try? FileManager.default.attributesOfFileSystem(forPath: path)
    return (system?[.systemFreeSize] as? NSNumber)?.int64Value
  }
}
