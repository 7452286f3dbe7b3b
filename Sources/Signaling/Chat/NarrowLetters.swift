/// Letters in another width or dress, which everybody reads as the ordinary ones.
enum NarrowLetters {
  static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0...0x7F: scalar
    case 0x3000: " "
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0xFF66...0xFF9F: kana[Int(scalar.value - 0xFF66)]
    case 0x309B, 0x309C: Unicode.Scalar(scalar.value - 2) ?? scalar
    case 0x24B6...0x24CF: letter(scalar.value - 0x24B6)
    case 0x24D0...0x24E9: letter(scalar.value - 0x24D0)
    case 0x1D400...0x1D6A3: letter((scalar.value - 0x1D400) % 26)
    case 0x1D7CE...0x1D7FF: Unicode.Scalar(0x30 + (scalar.value - 0x1D7CE) % 10) ?? scalar
    case 0x1F130...0x1F149: letter(scalar.value - 0x1F130)
    case 0x1F150...0x1F169: letter(scalar.value - 0x1F150)
    case 0x1F170...0x1F189: letter(scalar.value - 0x1F170)
    default: scalar
    }
  }

  private static func letter(_ number: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(truncatingIfNeeded: 0x61 + number))
  }

  private static let kana = Array(
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}"
      .unicodeScalars)
}
