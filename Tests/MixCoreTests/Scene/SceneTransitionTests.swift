import MixCore
import Testing

@Suite("Transitions")
struct SceneTransitionTests {
  private let canvas = PixelSize(width: 640, height: 360)
  private let small = Rectangle(x: 480, y: 270, width: 160, height: 90)
  private let whole = Rectangle(x: 0, y: 0, width: 640, height: 360)

  private func layer(_ name: String, _ rectangle: Rectangle, z: Int = 0) -> Layer {
    Layer(source: SourceID(name), rectangle: rectangle, zIndex: z)
  }

  private func transition(_ from: [Layer], _ to: [Layer]) -> SceneTransition {
    SceneTransition(
      from: Scene(canvas: canvas, layers: from), to: Scene(canvas: canvas, layers: to), start: .seconds(1),
      duration: .milliseconds(400))
  }

  @Test("It begins with the old scene and ends with the new one")
  func ends() {
    let transition = transition([layer("a", whole)], [layer("a", small)])
    #expect(transition.scene(at: .zero) == transition.from)
    #expect(transition.scene(at: .seconds(1)) == transition.from)
    #expect(!transition.isFinished(at: .milliseconds(1399)))
    #expect(transition.isFinished(at: .milliseconds(1400)))
    #expect(transition.scene(at: .milliseconds(1400)) == transition.to)
  }

  @Test("A source in both scenes is half way in the middle and at even positions always")
  func movement() {
    let transition = transition([layer("a", whole)], [layer("a", small)])
    #expect(
      transition.scene(at: .milliseconds(1200)).layers[0].rectangle
        == Rectangle(x: 240, y: 134, width: 400, height: 226))
    var lastX = -1
    for time in stride(from: Int64(1000), through: 1400, by: 10) {
      let tile = transition.scene(at: .milliseconds(time)).layers[0].rectangle
      #expect([tile.x, tile.y, tile.width, tile.height].allSatisfy { $0.isMultiple(of: 2) })
      #expect(tile.x >= lastX)
      lastX = tile.x
    }
  }

  @Test("It moves slowly at the ends and fast in the middle")
  func easing() {
    let transition = transition([layer("a", whole)], [layer("a", small)])
    let positions = [1000, 1100, 1200].map { transition.scene(at: .milliseconds($0)).layers[0].rectangle.x }
    #expect(positions[1] - positions[0] < positions[2] - positions[1])
  }

  @Test("New tiles fade in, leaving ones fade out, in place")
  func fading() {
    let transition = transition(
      [layer("host", whole), layer("old", small, z: 1)], [layer("host", whole), layer("new", small, z: 1)])
    let middle = transition.scene(at: .milliseconds(1200)).layers
    #expect(middle.map(\.source.rawValue) == ["host", "new", "old"])
    #expect(middle.map(\.opacity) == [1, 0.5, 0.5])
    #expect(middle.dropFirst().allSatisfy { $0.rectangle == small })
    #expect(transition.scene(at: .milliseconds(1400)).layers.map(\.source.rawValue) == ["host", "new"])
  }

  @Test("Without a duration it is over at once")
  func cut() {
    let scene = Scene(canvas: canvas, layers: [layer("a", whole)])
    let transition = SceneTransition(
      from: Scene(canvas: canvas), to: scene, start: .seconds(1), duration: .zero)
    #expect(transition.scene(at: .seconds(1)) == scene)
  }

  @Test("Scenes keep their layers in ascending order")
  func order() {
    let scene = Scene(canvas: canvas, layers: [layer("c", whole, z: 2), layer("a", whole), layer("b", whole)])
    #expect(scene.layers.map(\.source.rawValue) == ["a", "b", "c"])
  }
}
