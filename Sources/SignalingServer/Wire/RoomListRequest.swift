import Foundation
import Signaling

/// The question in the query of `GET /api/v1/rooms`.
struct RoomListRequest: Sendable {
  enum Page: Sendable {
    case newest(before: Int64?)
    case hottest(from: RoomRankings.Cursor?)
  }

  let query: RoomQuery
  let page: Page
  let limit: Int

  /// `value` gives what the query says by a name.
  init(_ value: (String) -> String?) throws(APIError) {
    func text(_ name: String) -> String? { value(name).flatMap { $0.isEmpty ? nil : $0 } }
    var query = RoomQuery()
    if let status = value("status") {
      guard let status = Room.Status(rawValue: status) else { throw .roomCursor }
      query.statuses = [status]
    }
    (query.text, query.category) = (Self.searched(text("q") ?? ""), text("category") ?? "")
    (query.tag, query.host) = (text("tag") ?? "", text("host") ?? "")
    guard [query.text, query.category, query.tag, query.host].allSatisfy({ $0.utf8.count <= 200 }) else {
      throw .roomCursor
    }
    self.query = query
    page = try Self.page(sort: value("sort"), cursor: text("cursor"))
    limit = try Self.limit(text("limit"))
  }

  /// Without white space around it. What is nothing but characters that are not written is left, and finds nothing.
  private static func searched(_ text: String) -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty && SearchText.isUnwritten(text) ? text : trimmed
  }

  private static func page(sort: String?, cursor: String?) throws(APIError) -> Page {
    switch sort {
    case nil, "newest":
      guard let cursor else { return .newest(before: nil) }
      guard let number = Int64(cursor), number > 0 else { throw .roomCursor }
      return .newest(before: number)
    case "hottest":
      guard let cursor else { return .hottest(from: nil) }
      guard let place = RoomRankings.Cursor(cursor) else { throw .roomCursor }
      return .hottest(from: place)
    default: throw .roomCursor
    }
  }

  static func limit(_ text: String?) throws(APIError) -> Int {
    guard let text else { return 20 }
    guard let limit = Int(text), (1...100).contains(limit) else { throw .roomCursor }
    return limit
  }
}

extension RoomRegistry {
  func list(_ request: RoomListRequest) async throws(APIError) -> RoomListBody {
    switch request.page {
    case .newest(let cursor): try await newest(request.query, before: cursor, limit: request.limit)
    case .hottest(let cursor): try await hottest(request.query, from: cursor, limit: request.limit)
    }
  }
}
