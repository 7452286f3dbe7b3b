/// Any bytes as a compound RTCP datagram.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzRTCP(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
