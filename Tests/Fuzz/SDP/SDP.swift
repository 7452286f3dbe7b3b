/// Any text as an offer and as an answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzSDP(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
