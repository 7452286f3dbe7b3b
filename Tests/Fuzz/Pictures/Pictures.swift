/// Any bytes as pictures of one of the codecs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  fuzzPictures(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
