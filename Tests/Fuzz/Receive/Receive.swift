/// Any sequence of datagrams, decrypted packets and pauses, as one session receives them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzReceive(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
