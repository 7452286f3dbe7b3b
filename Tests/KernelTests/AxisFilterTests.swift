import MixCore
import Testing

@Suite("Filters of an axis")
struct AxisFilterTests {
  @Test(
    "Every window lies inside the source and its weights sum up to one",
    arguments: [(1280, 320), (1280, 428), (1920, 1280), (640, 1280), (1920, 96), (7, 130), (1, 5), (5, 1), (33, 33)])
  func windows(source: Int, target: Int) {
    let filter = AxisFilter(from: source, to: target)
    for output in 0..<target {
      let window = filter.window(output)
      #expect(window.weights.reduce(0) { $0 + Int($1) } == 128)
      #expect(window.start >= 0 && window.start + window.weights.count <= source)
      #expect((1...16).contains(window.weights.count))
      #expect(window.weights.first != 0 && window.weights.last != 0)
    }
  }

  @Test("Halving takes each pair of samples in equal parts")
  func half() {
    let filter = AxisFilter(from: 64, to: 32)
    #expect(filter.window(0).weights == [64, 64])
    #expect(filter.window(31).start == 62)
  }

  @Test("Doubling interpolates a quarter of the way and repeats the edges")
  func double() {
    let filter = AxisFilter(from: 4, to: 8)
    #expect(filter.window(0).weights == [128])
    #expect(filter.window(1).weights == [96, 32])
    #expect(filter.window(2).weights == [32, 96])
    #expect(filter.window(7).start == 3)
  }

  @Test("The cache gives the same filter for the same geometry and forgets the least used one")
  func cache() {
    var cache = FilterCache(capacity: 2)
    let first = cache.filter(from: 10, to: 5)
    _ = cache.filter(from: 20, to: 5)
    #expect(cache.filter(from: 10, to: 5) === first)
    let second = cache.filter(from: 30, to: 5)
    #expect(cache.filter(from: 10, to: 5) === first)
    _ = cache.filter(from: 40, to: 5)
    #expect(cache.filter(from: 10, to: 5) === first)
    #expect(cache.filter(from: 30, to: 5) !== second)
  }
}
