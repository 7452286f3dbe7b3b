import Foundation
import Testing

@testable import SignalingServer

@Suite struct RecordingFilesTests {
  /// Runs `body` with an empty directory.
  private static func inDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = NSTemporaryDirectory() + "mixd-files-" + RandomName.make()
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(directory)
  }

  private static func recording(_ id: String, room: String = "r_one") -> StoredRecording {
    StoredRecording(id: id, room: room, startedAt: 0)
  }

  private static func write(_ text: String, to path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test("A file is made for its owner alone, is known as soon as something is in it, and is removed")
  func life() async throws {
    try await Self.inDirectory { directory in
      let files = RecordingFiles(dataDirectory: directory)
      let recording = Self.recording("rec_a")
      try files.create(recording)
      for (path, mode) in [(files.path(of: recording), 0o600), ("\(directory)/recordings/r_one", 0o700)] {
        let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(found == mode, "\(path)")
      }
      #expect(files.facts(of: recording) == nil && files.bytes(of: recording) == 0)
      try Self.write("film", to: files.path(of: recording))
      let facts = try #require(files.facts(of: recording))
      #expect(facts.bytes == 4 && abs(facts.changedAt - ServerClock.wallMilliseconds()) < 60_000)
      files.remove(recording)
      files.remove(recording)
      #expect(files.facts(of: recording) == nil)
      #expect(files.rooms == ["r_one"])
      files.removeAll(of: "r_one")
      #expect(files.rooms.isEmpty)
    }
  }

  @Test("Behind the header a piece makes something to play of a file, be it cut off or not")
  func pieces() async throws {
    try await Self.inDirectory { directory in
      let files = RecordingFiles(dataDirectory: directory)
      let recording = Self.recording("rec_a")
      #expect(files.finished(recording) == nil && !files.exists(recording))
      try files.create(recording)
      #expect(files.finished(recording) == nil && files.exists(recording))
      let header = RecordingScene.header
      let cases: [(String, Bool)] = [
        (header, false), (header + "\0\0\u{1}\0moof1234", true), (String(header.dropLast(3)), false),
        (String(header.prefix(5)), false), (header + "\0\0\u{1}\0mo", false), (header + "\0\0\0\0moov1234", false),
      ]
      for (text, isPlayable) in cases {
        try Self.write(text, to: files.path(of: recording))
        let facts = files.finished(recording)
        #expect((facts != nil) == isPlayable, "\(text.debugDescription)")
      }
    }
  }

  @Test("Of a room's files those go that no recording has, and nothing else")
  func strangers() async throws {
    try await Self.inDirectory { directory in
      let files = RecordingFiles(dataDirectory: directory)
      let folder = "\(directory)/recordings/r_one"
      for name in ["rec_a.mp4", "rec_b.mp4", "notes.txt", "other.mp4"] { try Self.write("x", to: "\(folder)/\(name)") }
      try Self.write("x", to: "\(directory)/recordings/lost+found/rec_c.mp4")
      #expect(files.rooms == ["r_one"])
      files.removeStrangers(in: "r_one", known: ["rec_a"])
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == ["notes.txt", "other.mp4", "rec_a.mp4"])
    }
  }

  @Test("There is as much space as the fuller of the two disks has")
  func space() {
    var files = RecordingFiles(dataDirectory: "/data")
    let cases: [([String: Int64], Int64)] = [
      (["/data": 5, "/data/recordings": 7], 5), (["/data": 7, "/data/recordings": 5], 5), (["/data": 7], 7),
      ([:], .max),
    ]
    for (free, expected) in cases {
      files.freeSpace = { free[$0] }
      #expect(files.freeBytes == expected)
    }
  }

  @Test("Files in no list go at the start, directories of unknown rooms soon after, be rooms kept for ever or not")
  func leftovers() async throws {
    try await Self.inDirectory { directory in
      let kept = Kept()
      try await withServer(directory: directory) { server in
        let scene = try await RecordingScene(server)
        let id = try await scene.start()
        try await scene.stop(id)
        await kept.keep(scene.path(of: id), "\(scene.folder)/rec_stranger.mp4")
      }
      let (known, stranger) = await kept.paths
      let gone = "\(directory)/recordings/r_gone/rec_x.mp4"
      for path in [stranger, gone] { try Self.write("x", to: path) }
      let limits = { (configuration: inout SignalingServerConfiguration) in
        (configuration.limits.retention, configuration.limits.sweepInterval) = (0, 0.05)
      }
      try await withServer(directory: directory, configure: limits) { _ in
        #expect(!FileManager.default.fileExists(atPath: stranger))
        try await eventually { !FileManager.default.fileExists(atPath: gone) }
        #expect(FileManager.default.fileExists(atPath: known))
      }
    }
  }

  private actor Kept {
    private(set) var paths = (known: "", stranger: "")
    func keep(_ known: String, _ stranger: String) { paths = (known, stranger) }
  }
}
