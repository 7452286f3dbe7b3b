/// Any bytes as the packets of one video stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzPayload(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
