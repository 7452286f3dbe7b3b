import Foundation
import MediaControl
import Testing

@testable import SignalingServer

/// A room whose host records, and what the worker would have written.
struct RecordingScene: Sendable {
  /// Stands for a film.
  static let film = "0123456789"

  let server: TestServer
  let host: Client
  let room: String

  var base: String { "/api/v1/rooms/\(room)/recordings" }
  var folder: String { "\(server.directory)/recordings/\(room)" }

  init(_ server: TestServer) async throws {
    self.server = server
    (host, room) = try await server.liveRoom()
  }

  func path(of id: String) -> String { "\(folder)/\(id).mp4" }

  /// Starts a recording; its file has the film in it unless it `isEmpty`.
  func start(isEmpty: Bool = false) async throws -> String {
    let made = try await host.post(base)
    #expect(made.status == 201)
    let id = try made.string("id")
    if !isEmpty { try write(id) }
    return id
  }

  /// What the worker would do.
  func write(_ id: String) throws {
    try Data(Self.film.utf8).write(to: URL(fileURLWithPath: path(of: id)))
  }

  /// The header alone, as a worker leaves it that has written no piece.
  static let header = "\0\0\0\u{0C}ftypisom\0\0\0\u{10}moov12345678"

  func writeHeader(_ id: String) throws {
    try Data(Self.header.utf8).write(to: URL(fileURLWithPath: path(of: id)))
  }

  /// One that is over.
  func recorded() async throws -> String {
    let id = try await start()
    try await stop(id)
    return id
  }

  func stop(_ id: String) async throws {
    let stopped = try await host.post("\(base)/\(id)/stop")
    #expect(stopped.status == 200)
  }

  func fails(_ id: String, _ reason: String) {
    server.media.emit(.outputState(RoomID(rawValue: room), OutputID(rawValue: id), .failed, reason: reason))
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
