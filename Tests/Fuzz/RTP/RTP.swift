/// Any bytes as an RTP packet.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzRTP(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
