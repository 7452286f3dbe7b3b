import MixCore
import Testing

@Suite("Refused layouts")
struct LayoutErrorTests {
  @Test("An unknown layout, an unknown option and a bad value each have their code and name the culprit")
  func codes() {
    expect("mosaic", [:], code: "layout.unknown", naming: "mosaic")
    expect("grid", ["corner": .text("top-left")], code: "layout.option-unknown", naming: "corner")
    expect("pip", ["fraction": .number(0.9)], code: "layout.option-invalid", naming: "fraction")
    expect("pip", ["fraction": .number(.nan)], code: "layout.option-invalid", naming: "fraction")
    expect("pip", ["fraction": .text("0.3")], code: "layout.option-invalid", naming: "fraction")
    expect("pip", ["corner": .text("middle")], code: "layout.option-invalid", naming: "bottom-right")
    expect("pip", ["margin": .number(-2)], code: "layout.option-invalid", naming: "margin")
    expect("pip", ["margin": .number(1e300)], code: "layout.option-invalid", naming: "margin")
    expect("side-by-side", ["gap": .flag(true)], code: "layout.option-invalid", naming: "gap")
    expect("grid", ["fit": .text("stretch")], code: "layout.option-invalid", naming: "cover")
  }

  private func expect(_ name: String, _ options: [String: LayoutValue], code: String, naming word: String) {
    let error = #expect(throws: LayoutError.self) { try Layout(name: name, options: options) }
    #expect(error?.code == code)
    #expect(error?.message.contains(word) == true)
  }
}
