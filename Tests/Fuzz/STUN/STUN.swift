/// Any bytes as a STUN message.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzSTUN(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
