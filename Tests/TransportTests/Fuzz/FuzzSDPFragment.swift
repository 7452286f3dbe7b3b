@testable import Transport

/// Reads the text as a fragment; what it says survives being written.
func fuzzSDPFragment(_ input: [UInt8]) {
  guard let fragment = try? SDPFragment(parsing: String(decoding: input, as: UTF8.self)) else { return }
  let again = try? SDPFragment(parsing: fragment.text)
  precondition(again?.candidates.count == fragment.candidates.count && again?.ufrag == fragment.ufrag)
}
