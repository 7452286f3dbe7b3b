import Foundation
import Signaling

/// Which part of a list of people somebody asks for. They stand in the order of their names, and a place in it is a
/// name: who comes or goes between two pages moves nobody else.
struct MemberPage: Sendable {
  private let after: (name: String, id: String)?
  private let limit: Int

  init(_ call: Call) throws(APIError) {
    after = try call.query("cursor").flatMap { $0.isEmpty ? nil : $0 }.map(Self.place)
    limit = try RoomListRequest.limit(call.query("limit") ?? "100")
  }

  static let query: [Field] = [
    .optional("cursor", .text, "`next` of the page before."),
    .optional("limit", .integer(1...100), "Without it: 100."),
  ]

  func cut<Member: MemberEntry>(_ members: [Member], as field: String) -> MemberListBody<Member> {
    let sorted = members.sorted { ($0.name, $0.userId) < ($1.name, $1.userId) }
    let rest = sorted.drop { member in after.map { (member.name, member.userId) <= ($0.name, $0.id) } ?? false }
    let page = rest.prefix(limit)
    return MemberListBody(
      field: field, members: Array(page), next: rest.count > page.count ? page.last.map(Self.cursor) : nil)
  }

  private static func cursor(_ member: some MemberEntry) -> String {
    Data("\(member.userId)\n\(member.name)".utf8).base64URL
  }

  private static func place(_ cursor: String) throws(APIError) -> (name: String, id: String) {
    let digits = cursor.replacing("-", with: "+").replacing("_", with: "/")
    let padded = digits + String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4)
    guard cursor.utf8.count <= 1024, let data = Data(base64Encoded: padded),
      let text = String(data: data, encoding: .utf8)
    else { throw .roomCursor }
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .roomCursor }
    return (String(parts[1]), String(parts[0]))
  }
}

/// Somebody in such a list.
protocol MemberEntry: Encodable, Sendable {
  var userId: String { get }
  var name: String { get }
}

extension SanctionBody: MemberEntry {}
extension MemberBody: MemberEntry {}

struct MemberListBody<Member: MemberEntry>: Encodable, Sendable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let field: String
  let members: [Member]
  let next: String?

  /// `next` is there even when it is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(members, forKey: Key(stringValue: field))
    try container.encode(next, forKey: Key(stringValue: "next"))
  }
}
