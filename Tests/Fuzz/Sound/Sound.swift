/// Any bytes as packets of Opus in any order and at any time.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzSound(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
