import MixCore
import NetworkSimulation
import Testing
import Transport

@Suite("Row B5: pictures of other sizes")
struct SizeTests {
  @Test("B5: between 160 × 90 and 1920 × 1080 every half second")
  func changes() throws {
    var scenario = Scenario()
    scenario.seed = 800
    scenario.duration = .seconds(5)
    scenario.camera?.bitrate = 2_000_000
    for number in 0..<6 {
      let isLarge = number % 2 == 0
      scenario.at(1.5 + Double(number) / 2) { run in
        run.camera?.setSize(isLarge ? PixelSize(width: 1_920, height: 1_080) : PixelSize(width: 160, height: 90))
      }
    }
    let report = try scenario.run()
    let span = 1.0...4.9
    #expect(report.pictures.sizes.count == 2)
    #expect(report.pictures.failures == 0)
    #expect(report.pictures.unreadable == 0)
    #expect(report.shownShare(span) > 95)
    #expect(report.longestSilence(span) == 0)
    FigureTable.add(
      "B5", "160 × 90 ↔ 1920 × 1080 every 500 ms", goal: "the mix goes on", report.summary(span))
  }

  @Test("a change of size in mid-stream costs no picture")
  func once() throws {
    var scenario = Scenario()
    scenario.seed = 805
    scenario.at(8) { $0.camera?.setSize(PixelSize(width: 320, height: 180)) }
    scenario.at(12) { $0.camera?.setSize(PixelSize(width: 90, height: 160)) }
    let report = try scenario.run()
    #expect(report.pictures.sizes.count == 3)
    #expect(report.pictures.failures == 0)
    FigureTable.add(
      "–", "320 × 180, then upright", goal: "no picture lost",
      "decoded \(report.decodedShare.text(1)) %, freeze \((report.longestFreeze(3...12) * 1_000).text()) ms")
    #expect(report.longestFreeze(3...12) <= 0.2)
  }

  @Test("B5: pictures that claim to be larger than allowed, or are hardly there, never reach a decoder's memory")
  func outlandish() throws {
    var scenario = Scenario()
    scenario.seed = 810
    scenario.duration = .seconds(12)
    let sizes: [(Int, Int)] = [(16_383, 16_383), (1, 1), (0, 0), (1_922, 1_080), (3, 5), (16_383, 1)]
    var counter = 0
    // Every fifth frame is replaced by a key frame of such a size.
    scenario.camera?.edit = { packet, random in
      counter += 1
      guard counter % 5 == 0 else { return }
      let (width, height) = sizes[counter / 5 % sizes.count]
      packet.data = Self.keyFrame(width: width, height: height, random: &random)
    }
    let report = try scenario.run()
    #expect(report.pictures.sizes.allSatisfy { $0.width <= 1_920 && $0.height <= 1_088 })
    #expect(report.pictures.failures > 5)
    #expect(report.longestSilence(report.settled) == 0)
    #expect(report.concealed(report.settled) == 0)
    FigureTable.add(
      "B5", "headers of 16383², 1 × 1, 0 × 0", goal: "dropped before decoding, the mix goes on",
      "\(report.pictures.failures) refused, sizes decoded: "
        + report.pictures.sizes.map { "\($0.width) × \($0.height)" }.sorted().joined(separator: ", "))
  }

  /// RFC 6386 §9.1: frame tag of a key frame, start code, size, and nonsense.
  private static func keyFrame(width: Int, height: Int, random: inout RandomNumbers) -> [UInt8] {
    var data: [UInt8] = [0x10, 2, 0, 0x9d, 0x01, 0x2a]
    for value in [width, height] { data += [UInt8(value & 0xff), UInt8(value >> 8)] }
    for _ in 0..<200 { data.append(UInt8.random(in: 0...255, using: &random)) }
    return data
  }

  @Test("while the camera is off the tile tells, sound goes on, and the first picture afterwards is a whole one")
  func cameraOff() throws {
    var scenario = Scenario()
    scenario.seed = 820
    scenario.at(6) { $0.isCameraOn = false }
    scenario.at(12) { run in
      run.isCameraOn = true
    }
    let report = try scenario.run()
    let placeholder = (report.first(.placeholder, after: 6) ?? .infinity) - 6
    let back = report.firstPicture(after: 12) - 12
    #expect(placeholder <= 3.3)
    #expect(back <= 0.5)
    #expect(report.longestSilence(report.settled) == 0)
    report.expectSkews(13...19)
    #expect(report.pictures.unreadable == 0)
    FigureTable.add(
      "–", "camera off for 6 s", goal: "placeholder after 3 s, back at once",
      "placeholder after \(placeholder.text(1)) s, back after \((back * 1_000).text()) ms, skew p99 "
        + "\(report.skews(13...19).p99.text()) ms")
  }
}
