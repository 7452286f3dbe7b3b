import NIOCore
import NIOWebSocket
import Testing

@testable import SignalingServer

@Suite struct FrameTests {
  @Test(
    "A frame says its length in the shortest way, whole and without a mask",
    arguments: [
      (0, [0x81, 0]), (125, [0x81, 125]), (126, [0x81, 126, 0, 126]), (65_535, [0x81, 126, 255, 255]),
      (65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
    ] as [(Int, [UInt8])])
  func lengths(length: Int, head: [UInt8]) {
    let frame = ByteBuffer.textFrame(ByteBuffer(repeating: 0x78, count: length))
    #expect(Array(frame.readableBytesView.prefix(head.count)) == head)
    #expect(frame.readableBytes == head.count + length)
    #expect(frame.readableBytesView.dropFirst(head.count).allSatisfy { $0 == 0x78 })
  }

  @Test("A closing frame carries its code")
  func closing() {
    #expect(Array(ByteBuffer.closingFrame(.removed).readableBytesView) == [0x88, 2, 0x11, 0x33])
  }
}
