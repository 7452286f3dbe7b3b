@testable import MixCore

/// Decodes pictures one after the other, as a participant's decoder meets them: the first byte chooses the codec, then
/// each picture is preceded by its size in two bytes, the higher one first.
func fuzzPictures(_ input: [UInt8]) {
  guard let first = input.first, var decoder = try? VideoDecoder(codec: first & 1 == 0 ? .vp8 : .h264) else { return }
  let pool = FramePool()
  var place = 1
  while place + 2 <= input.count {
    let size = Int(input[place]) << 8 | Int(input[place + 1])
    let end = min(place + 2 + size, input.count)
    if let frame = try? decoder.decode(Array(input[(place + 2)..<end]), into: pool) {
      precondition(frame.width > 0 && frame.width <= 1920 && frame.height > 0 && frame.height <= 1088)
    }
    place = end
  }
}
