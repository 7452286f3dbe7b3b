import MixCore
import Testing

@testable import SyntheticClient

@Suite("Test picture")
struct TestPictureTests {
  private func picture(_ number: Int, width: Int = 640, height: Int = 360, hue: Int = 0) throws -> VideoFrame {
    let source = TestPicture(
      size: PixelSize(width: width, height: height), label: "Host-1", hue: hue, frameRate: 30, hasTexture: true)
    return try #require(source.draw(number: number))
  }

  @Test(
    "The frame number is read back at every size",
    arguments: [(160, 90), (320, 180), (640, 360), (1280, 720), (720, 1280)])
  func markIsReadable(width: Int, height: Int) throws {
    for number in [0, 1, 2, 299, 0x5555, 0xaaaa, FrameMark.modulus - 1] {
      #expect(FrameMark.read(try picture(number, width: width, height: height)) == number)
    }
  }

  @Test("The frame number survives VP8 at a low bitrate")
  func markSurvivesEncoding() throws {
    var encoder = try VP8Encoder(VideoEncoderSettings(width: 640, height: 360, frameRate: 30, bitrate: 300_000))
    var decoder = try VP8Decoder()
    let pool = FramePool()
    for number in 0..<30 {
      let time = MediaTime(count: Int64(number), rate: 30)
      let packet = try encoder.encode(try picture(number), time: time, forceKeyFrame: false, ledgerID: 0)
      let frame = try decoder.decode(try #require(packet).data, into: pool)
      #expect(FrameMark.read(try #require(frame)) == number)
    }
  }

  @Test("A damaged or missing frame number is not read as another one")
  func damagedMarkIsRefused() throws {
    let damaged = try picture(1000)
    PictureBrush(damaged).fill(x: 8 * 24, y: 16, width: 8, height: 8, .black)
    #expect(FrameMark.read(damaged) == nil)
    let empty = try picture(1000)
    PictureBrush(empty).fill(TestColor.base(hue: 2))
    #expect(FrameMark.read(empty) == nil)
    PictureBrush(empty).fill(.black)
    #expect(FrameMark.read(empty) == nil)
  }

  @Test("Pictures of different participants differ in colour, and successive pictures in content")
  func coloursAndMotion() throws {
    let colors = (0..<6).map(TestColor.base)
    for (index, color) in colors.enumerated() {
      for other in colors[(index + 1)...] {
        let distance = abs(Int(color.u) - Int(other.u)) + abs(Int(color.v) - Int(other.v))
        #expect(distance >= 40)
      }
    }
    let first = try picture(10, hue: 3)
    let corner = unsafe first.y.base[5 * first.y.stride + 5]
    #expect(corner == TestColor.base(hue: 3).y)
    let second = try picture(11, hue: 3)
    let row = 300
    let isSame = (0..<640).allSatisfy {
      unsafe first.y.base[row * first.y.stride + $0] == second.y.base[row * second.y.stride + $0]
    }
    #expect(!isSame)
  }

  @Test("Drawing outside the picture changes nothing else")
  func drawingIsClipped() throws {
    let frame = try picture(0)
    let brush = PictureBrush(frame)
    brush.fill(.black)
    brush.fill(x: -50, y: -50, width: 40, height: 1_000, .white)
    brush.fill(x: 639, y: 359, width: 100, height: 100, .white)
    #expect(unsafe frame.y.base[0] == 16)
    #expect(unsafe frame.y.base[359 * frame.y.stride + 639] == 235)
    #expect(unsafe frame.y.base[358 * frame.y.stride + 639] == 16)
  }
}
