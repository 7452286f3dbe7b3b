/// Any text as a trickle fragment.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzSDPFragment(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
