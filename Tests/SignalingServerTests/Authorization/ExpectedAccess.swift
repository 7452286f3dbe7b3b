/// Who may use what, written down by hand beside the table: a slip in one of them does not pass unseen.
enum ExpectedAccess {
  typealias Line = (operations: [String], roles: Set<SweepRole>)

  static let all: [String: Set<SweepRole>] = lines.reduce(into: [:]) { all, line in
    for operation in line.operations { all[operation] = line.roles }
  }

  private static let room = "/api/v1/rooms/{room}"

  private static let lines: [Line] = [
    (
      [
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /api/v1/openapi.json", "POST /api/v1/sessions",
        "POST /api/v1/accounts", "POST /api/v1/sessions/login", "POST /api/v1/sessions/refresh",
        "GET \(room)/events", "OPTIONS /whip/{room}", "OPTIONS /whep/{room}", "OPTIONS /whip/{room}/{session}",
        "OPTIONS /whep/{room}/{session}",
      ], .everybody
    ),
    (
      [
        "GET /api/v1/rooms", "GET \(room)", "GET \(room)/participants", "GET \(room)/seats", "GET \(room)/scene",
        "GET \(room)/stats",
        "GET /api/v1/gifts", "POST /whep/{room}", "PATCH /whep/{room}/{session}", "DELETE /whep/{room}/{session}",
        "PATCH /whip/{room}/{session}", "DELETE /whip/{room}/{session}",
      ], .anyone
    ),
    (
      [
        "DELETE /api/v1/sessions/current", "GET /api/v1/users/me", "PATCH /api/v1/users/me",
        "GET /api/v1/users/{user}",
      ], .users
    ),
    (["POST /api/v1/rooms"], Set<SweepRole>.users.union([.apiKey])),
    (
      [
        "POST /api/v1/api-keys", "GET /api/v1/api-keys", "DELETE /api/v1/api-keys/{id}", "GET /api/v1/bans",
        "GET /api/v1/bans/{user}", "PUT /api/v1/bans/{user}", "DELETE /api/v1/bans/{user}",
        "POST \(room)/close", "POST \(room)/warn", "POST \(room)/notices", "POST /api/v1/notices",
        "PUT /api/v1/room-bans/{room}", "DELETE /api/v1/room-bans/{room}", "GET /api/v1/room-bans/{room}",
        "GET /api/v1/room-bans",
      ], [.operator]
    ),
    (
      [
        "POST /api/v1/tokens", "POST /api/v1/webhooks", "GET /api/v1/webhooks", "GET /api/v1/webhooks/{id}",
        "PATCH /api/v1/webhooks/{id}", "DELETE /api/v1/webhooks/{id}", "POST /api/v1/webhooks/{id}/test",
        "GET /api/v1/webhooks/{id}/deliveries", "POST /api/v1/webhooks/{id}/deliveries/{delivery}/redeliver",
      ], [.operator, .apiKey]
    ),
    (
      [
        "GET \(room)/applications", "GET \(room)/invitations", "POST \(room)/applications/{id}/cancel",
        "POST \(room)/invitations/{id}/accept", "POST \(room)/invitations/{id}/reject", "POST \(room)/messages",
        "GET \(room)/messages", "DELETE \(room)/messages/{id}", "POST \(room)/likes", "POST \(room)/gifts",
      ], .members
    ),
    (["POST \(room)/applications"], [.viewer, .otherHost, .roomAdmin, .operator]),
    (
      [
        "PATCH \(room)", "POST \(room)/applications/{id}/accept", "POST \(room)/applications/{id}/reject",
        "POST \(room)/invitations", "POST \(room)/invitations/{id}/cancel", "PUT \(room)/seats/{index}",
        "POST \(room)/announcements", "GET \(room)/mutes", "PUT \(room)/mutes/{user}", "DELETE \(room)/mutes/{user}",
        "GET \(room)/bans", "PUT \(room)/bans/{user}", "DELETE \(room)/bans/{user}", "GET \(room)/admins",
      ], .helpers
    ),
    (
      ["PATCH \(room)/participants/{user}", "DELETE \(room)/participants/{user}"],
      [.host, .roomAdmin, .operator, .cohost]
    ),
    (
      [
        "DELETE \(room)", "PUT \(room)/scene", "GET \(room)/outputs", "POST \(room)/outputs",
        "DELETE \(room)/outputs/{id}", "POST \(room)/recordings",
        "GET \(room)/trace", "PUT \(room)/admins/{user}", "DELETE \(room)/admins/{user}",
        "POST \(room)/links", "GET \(room)/links", "DELETE \(room)/links/{id}", "POST \(room)/links/{id}/invite",
        "POST \(room)/links/{id}/accept", "POST \(room)/links/{id}/reject", "POST \(room)/links/{id}/cancel",
        "POST \(room)/links/{id}/battle", "DELETE \(room)/links/{id}/battle",
        "POST \(room)/links/{id}/battle/accept", "POST \(room)/links/{id}/battle/reject",
      ], .hosts
    ),
    (["POST \(room)/recordings/{id}/stop"], [.host, .operator]),
    (["GET \(room)/audience"], Set<SweepRole>.helpers.union([.apiKey])),
    (
      [
        "DELETE \(room)/data", "GET \(room)/recordings", "GET \(room)/recordings/{id}",
        "GET \(room)/recordings/{id}/file", "POST \(room)/recordings/{id}/link", "DELETE \(room)/recordings/{id}",
      ], [.host, .operator]
    ),
    (["POST /whip/{room}"], [.host, .cohost]),
  ]
}
