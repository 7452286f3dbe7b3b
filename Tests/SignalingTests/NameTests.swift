import Signaling
import Testing

/// Strings that look alike are often equal to Swift, so scalars are compared.
@Suite struct NameTests {
  private func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

  @Test(
    "What nobody sees is taken out of a name, wherever it stands",
    arguments: [
      ("Ann\u{200D}", "Ann"), ("A\u{200D}nn", "Ann"), ("\u{200D}Ann", "Ann"), ("Ann\u{FE0F}", "Ann"),
      ("Ann\u{FE00}", "Ann"), ("Ann\u{3164}", "Ann"), ("Ann\u{FFA0}\u{115F}", "Ann"), ("A\u{34F}nn", "Ann"),
      ("Ann\u{2800}", "Ann"), ("Ann\u{AD}\u{2066}\u{202E}\u{61C}", "Ann"), ("葛\u{E0100}", "葛"),
      ("x\u{E0067}\u{E0062}\u{E007F}", "x"),
    ])
  func invisible(raw: String, clean: String) throws {
    #expect(scalars(try DisplayText.name(raw)) == scalars(clean))
  }

  @Test(
    "White space is one space, and a mark stands on something",
    arguments: [
      ("Ann \u{3000}\u{2009} Lee", "Ann Lee"), ("Ann\u{A0}Lee", "Ann Lee"), ("Ann \u{2800} Lee", "Ann Lee"),
      ("\u{301}Ann", "Ann"), ("Ann \u{301}Lee", "Ann Lee"),
    ])
  func spaces(raw: String, clean: String) throws {
    #expect(scalars(try DisplayText.name(raw)) == scalars(clean))
  }

  @Test(
    "Of an emoji nothing is left that does not change it",
    arguments: [
      ("👍\u{FE0F}", "👍"), ("1\u{FE0F}", "1"), ("👍\u{200D}", "👍"), ("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}"),
      ("👨\u{200D}x", "👨x"), ("👨\u{200D}\u{200D}👩", "👨\u{200D}👩"), ("🏴\u{E0067}\u{E007F}", "🏴"),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}", "🏴"),
    ])
  func idleMarks(raw: String, clean: String) throws {
    #expect(scalars(try DisplayText.name(raw)) == scalars(clean))
  }

  @Test(
    "Emoji of several parts stay whole, and so does every script",
    arguments: [
      "👨\u{200D}👩\u{200D}👧", "❤\u{FE0F}\u{200D}🔥", "🏳\u{FE0F}\u{200D}🌈", "🏴\u{200D}☠\u{FE0F}", "👩🏽\u{200D}🚀", "✌🏽",
      "#\u{FE0F}\u{20E3}", "❤\u{FE0E}", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
      "\u{DC1}\u{DCA}\u{200D}\u{DBB}\u{DD3}", "ที่", "क्षि", "ရွှေ့", "Nguye\u{302}\u{303}n", "ש\u{5B8}\u{5C1}לו\u{5B9}ם", "རྒྱུ",
    ])
  func whole(name: String) throws {
    #expect(scalars(try DisplayText.name(name)) == scalars(name))
  }

  @Test(
    "Marks that are piled up are no name, whatever is hidden between them",
    arguments: [
      "x\u{301}\u{301}\u{301}\u{301}\u{301}", "x\u{301}\u{302}\u{34F}\u{303}\u{200D}\u{304}\u{FE0F}\u{305}",
      "क" + String(repeating: "\u{903}", count: 9), "Ann\u{489}\u{489}\u{489}\u{489}\u{489}",
    ])
  func piles(raw: String) {
    #expect(throws: SignalingError.nameInvalid) { try DisplayText.name(raw) }
  }
}
