import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The web pages: read into memory once, so that no request ever names a file.
struct PageRoutes: Sendable {
  private struct File: Sendable {
    let body: ByteBuffer
    let type: String
    let tag: String
  }

  private let files: [String: File]

  /// Reads every file below `directory`.
  init(directory: URL) throws {
    var files: [String: File] = [:]
    let root = directory.resolvingSymlinksInPath().path
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let path = root + "/" + name
      guard let type = Self.types[(name as NSString).pathExtension],
        let data = FileManager.default.contents(atPath: path)
      else { continue }
      files[name] = File(body: ByteBuffer(bytes: data), type: type, tag: "\"\(Self.hash(data))\"")
    }
    self.files = files
  }

  func add(to router: Router<APIContext>) {
    let pages = [
      "/": "index.html", "/studio": "studio.html", "/studio/:room": "studio.html", "/watch/:room": "watch.html",
      "/admin": "admin.html",
      "/docs": "docs.html",
    ]
    for (path, file) in pages {
      router.route(RouterPath(path), [.get: { request, _ in try serve(file, request) }])
    }
    router.route("/favicon.ico", [.get: { request, _ in try serve("assets/icon.svg", request) }])
    router.route(
      "/assets/**",
      [
        .get: { request, context in
          try serve("assets/" + context.parameters.getCatchAll().joined(separator: "/"), request)
        }
      ])
  }

  private func serve(_ name: String, _ request: Request) throws(APIError) -> Response {
    guard let file = files[name] else { throw .notFound }
    var headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache"]
    headers[.contentSecurityPolicy] = Self.policy
    if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.body))
  }

  /// FNV-1a: names a version, protects nothing.
  private static func hash(_ data: Data) -> String {
    String(data.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
  }

  private static let policy =
    "default-src 'self'; connect-src 'self'; img-src 'self' https: data: blob:; "
    + "media-src 'self' mediastream:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    + "form-action 'self'; frame-ancestors 'none'"

  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "ico": "image/x-icon",
    "json": "application/json", "webmanifest": "application/manifest+json", "woff2": "font/woff2",
  ]
}
