import Testing

@testable import MixCore

@Suite("Visible region")
struct VisibleRegionTests {
  @Test("What is left after covers are subtracted is every uncovered sample exactly once")
  func partition() {
    let covers = [
      Rectangle(x: 4, y: 4, width: 6, height: 6), Rectangle(x: 8, y: 2, width: 20, height: 4),
      Rectangle(x: -5, y: 10, width: 9, height: 90), Rectangle(x: 12, y: 12, width: 0, height: 5),
    ]
    var region = VisibleRegion()
    region.reset(to: Rectangle(x: 0, y: 0, width: 20, height: 16))
    for cover in covers { region.subtract(cover) }
    for y in 0..<16 {
      for x in 0..<20 {
        let isCovered = covers.contains { contains($0, x, y) }
        #expect(region.parts.filter { contains($0, x, y) }.count == (isCovered ? 0 : 1))
      }
    }
    region.subtract(Rectangle(x: 0, y: 0, width: 20, height: 16))
    #expect(region.parts.isEmpty)
  }

  @Test("A picture of nearly the same shape is neither cut nor framed")
  func nearlySameShape() {
    let area = Rectangle(x: 0, y: 0, width: 428, height: 240)
    let picture = PixelSize(width: 1280, height: 720)
    for fit in Layer.Fit.allCases {
      let result = PictureFit(fit, picture: picture, area: area)
      #expect(result.source == Rectangle(picture))
      #expect(result.target == area)
    }
  }

  private func contains(_ rectangle: Rectangle, _ x: Int, _ y: Int) -> Bool {
    x >= rectangle.x && x < rectangle.maxX && y >= rectangle.y && y < rectangle.maxY
  }
}
