import Foundation
import NIOCore
import NIOPosix
import NIOWebSocket
import Testing

/// One frame of the server.
struct Frame: Sendable {
  let opcode: UInt8
  let payload: ByteBuffer

  var closeCode: Int? {
    opcode == 8 ? payload.getInteger(at: payload.readerIndex, as: UInt16.self).map(Int.init) : nil
  }
}

/// A WebSocket client that can also misbehave.
struct WebSocketClient: Sendable {
  let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
  let frames: FrameReader
  let port: Int

  func send(_ text: String) async throws {
    try await send(opcode: 1, Array(text.utf8))
  }

  /// `first` is the whole first byte, so that reserved bits and unfinished frames can be sent.
  func send(opcode: UInt8, _ payload: [UInt8], first: UInt8? = nil, masked: Bool = true) async throws {
    var buffer = ByteBuffer()
    buffer.writeInteger(first ?? (0x80 | opcode))
    let flag: UInt8 = masked ? 0x80 : 0
    if payload.count < 126 {
      buffer.writeInteger(flag | UInt8(payload.count))
    } else if payload.count < 65536 {
      buffer.writeInteger(flag | 126)
      buffer.writeInteger(UInt16(payload.count))
    } else {
      buffer.writeInteger(flag | 127)
      buffer.writeInteger(UInt64(payload.count))
    }
    if masked { buffer.writeBytes([0, 0, 0, 0]) }
    buffer.writeBytes(payload)
    try await writer.write(buffer)
  }

  /// The next JSON message, whatever it is.
  func next() async throws -> [String: Any] {
    while let frame = try await frames.next() {
      if frame.opcode == 9 || frame.opcode == 10 { continue }
      try #require(frame.opcode == 1, "closed with \(frame.closeCode ?? 0)")
      try await Contract.shared.check(event: frame.payload, port: port)
      let object = try JSONSerialization.jsonObject(with: Data(frame.payload.readableBytesView))
      return try #require(object as? [String: Any])
    }
    throw ChannelError.eof
  }

  /// The next message of this type; others are skipped.
  func next(_ type: String) async throws -> [String: Any] {
    while true {
      let message = try await next()
      if message["type"] as? String == type { return message }
    }
  }

  /// What the server closes with; messages before are skipped. 0 if it just hangs up.
  func closeCode() async throws -> Int {
    do {
      while let frame = try await frames.next() {
        if let code = frame.closeCode { return code }
      }
    } catch is IOError {
      return 0
    }
    return 0
  }
}

/// Reads frames one after the other.
actor FrameReader {
  private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private var buffer: ByteBuffer

  init(_ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, rest: ByteBuffer) {
    self.iterator = iterator
    buffer = rest
  }

  func next() async throws -> Frame? {
    while true {
      if let frame = parse() { return frame }
      var iterator = self.iterator
      guard let part = try await iterator.next(isolation: self) else { return nil }
      self.iterator = iterator
      buffer.writeImmutableBuffer(part)
    }
  }

  private func parse() -> Frame? {
    var copy = buffer
    guard let first: UInt8 = copy.readInteger(), let second: UInt8 = copy.readInteger() else { return nil }
    var length = Int(second & 127)
    if length == 126 {
      guard let long: UInt16 = copy.readInteger() else { return nil }
      length = Int(long)
    } else if length == 127 {
      guard let long: UInt64 = copy.readInteger() else { return nil }
      length = Int(long)
    }
    guard let payload = copy.readSlice(length: length) else { return nil }
    buffer = copy
    return Frame(opcode: first & 15, payload: payload)
  }
}

extension Client {
  /// Opens the events socket of a room with this user's token.
  func events<Result: Sendable>(
    _ room: String, query: String? = nil, headers: String = "",
    _ body: @escaping @Sendable (WebSocketClient) async throws -> Result
  ) async throws -> Result {
    let query = query ?? token.map { "?token=\($0)" } ?? ""
    let request =
      "GET /api/v1/rooms/\(room)/events\(query) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: Upgrade\r\n"
      + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      + headers + "\r\n"
    let connection = try await RawConnection.open(port: port)
    return try await connection.channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var iterator = inbound.makeAsyncIterator()
      var received = ByteBuffer()
      while !String(buffer: received).contains("\r\n\r\n"), let part = try await iterator.next() {
        received.writeImmutableBuffer(part)
      }
      let text = String(decoding: received.readableBytesView, as: UTF8.self)
      guard text.hasPrefix("HTTP/1.1 101") else { throw RefusedUpgrade(raw: text) }
      let head = Array(received.readableBytesView).firstRange(of: Array("\r\n\r\n".utf8))
      received.moveReaderIndex(forwardBy: try #require(head).upperBound)
      return try await body(
        WebSocketClient(writer: outbound, frames: FrameReader(iterator, rest: received), port: port))
    }
  }
}

extension Client {
  /// What the server says to an events socket that it does not want.
  func refusedEvents(_ room: String, query: String? = nil, headers: String = "") async throws -> Answer {
    do {
      try await events(room, query: query, headers: "Connection: close\r\n" + headers) { _ in }
      throw ChannelError.inappropriateOperationForState
    } catch let error as RefusedUpgrade {
      return try Answer(raw: error.raw)
    }
  }
}

/// The server's answer to an upgrade it does not want.
struct RefusedUpgrade: Error {
  let raw: String
}
