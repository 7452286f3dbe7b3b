import NIOCore

/// One events socket of a crowd: reads what comes, answers pings, and notes how old the crowd's own messages are.
final class ChatSocket: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let request: String
  private let entered: EventLoopPromise<Void>
  private let tally: ChatTally
  private var buffer = ByteBuffer()
  private var isOpen = false

  init(request: String, entered: EventLoopPromise<Void>, tally: ChatTally) {
    self.request = request
    self.entered = entered
    self.tally = tally
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
    if !isOpen { open(context) }
    if isOpen { while let frame = nextFrame() { take(frame, context) } }
    if buffer.readableBytes == 0 { buffer.clear() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if isOpen { tally.lost += 1 }
    entered.fail(ChannelError.eof)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func open(_ context: ChannelHandlerContext) {
    guard let end = buffer.readableBytesView.firstRange(of: "\r\n\r\n".utf8) else { return }
    guard buffer.readableBytesView.starts(with: "HTTP/1.1 101".utf8) else {
      return context.close(promise: nil)
    }
    buffer.moveReaderIndex(to: end.upperBound)
    isOpen = true
    entered.succeed()
  }

  private func nextFrame() -> (opcode: UInt8, payload: ByteBuffer)? {
    let start = buffer.readerIndex
    guard let first: UInt8 = buffer.readInteger(), let short: UInt8 = buffer.readInteger() else {
      buffer.moveReaderIndex(to: start)
      return nil
    }
    let length: Int? =
      switch short {
      case 126: buffer.readInteger(as: UInt16.self).map(Int.init)
      case 127: buffer.readInteger(as: UInt64.self).map(Int.init)
      default: Int(short)
      }
    guard let length, let payload = buffer.readSlice(length: length) else {
      buffer.moveReaderIndex(to: start)
      return nil
    }
    return (first & 15, payload)
  }

  private func take(_ frame: (opcode: UInt8, payload: ByteBuffer), _ context: ChannelHandlerContext) {
    switch frame.opcode {
    case 1: tally.read(frame.payload)
    case 9: context.writeAndFlush(wrapOutboundOut(Self.masked(10, frame.payload)), promise: nil)
    case 8: context.close(promise: nil)
    default: break
    }
  }

  /// A short frame with a mask of zeros.
  static func masked(_ opcode: UInt8, _ payload: ByteBuffer) -> ByteBuffer {
    var frame = ByteBuffer()
    frame.writeInteger(0x80 | opcode)
    if payload.readableBytes < 126 {
      frame.writeInteger(0x80 | UInt8(payload.readableBytes))
    } else {
      frame.writeInteger(0xFE as UInt8)
      frame.writeInteger(UInt16(payload.readableBytes))
    }
    frame.writeInteger(0 as UInt32)
    frame.writeImmutableBuffer(payload)
    return frame
  }
}

/// What the sockets of one event loop have seen.
final class ChatTally {
  var delivery = Histogram()
  var acknowledgement = Histogram()
  var refused = 0
  var lost = 0

  /// The crowd's messages carry when they were sent, and so do the answers to them, between at signs.
  func read(_ payload: ByteBuffer) {
    let now = Self.now()
    let bytes = payload.readableBytesUInt8Span
    var (index, kind) = (0, UInt8(ascii: "?"))
    if bytes.count > 9 { kind = bytes[2] }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "@") else {
        index += 1
        continue
      }
      var time: Int64 = 0
      index += 1
      while index < bytes.count, (48...57).contains(bytes[index]) {
        time = time &* 10 &+ Int64(bytes[index] - 48)
        index += 1
      }
      index += 1
      note(now - time, kind)
    }
  }

  /// Keys are sorted: answers begin with `error` or `id` or `ref`, batches of messages with `messages`.
  private func note(_ age: Int64, _ kind: UInt8) {
    switch kind {
    case UInt8(ascii: "m"): delivery.add(nanoseconds: age)
    case UInt8(ascii: "e"): refused += 1
    default: acknowledgement.add(nanoseconds: age)
    }
  }

  static func make(on loop: any EventLoop) async throws -> NIOLoopBound<ChatTally> {
    try await loop.submit { NIOLoopBound(ChatTally(), eventLoop: loop) }.get()
  }

  static func now() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }
}
