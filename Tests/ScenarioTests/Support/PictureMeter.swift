import MixCore
import Transport

/// Takes note of the pictures a programme shows.
struct PictureMeter {
  struct Tick {
    var time: MediaTime
    /// The frame's time in the programme, which the clock shifts a little against true time to meet the host's pictures.
    var stamp: MediaTime
    /// Of the picture, where one is shown and its number can be read.
    var number: Int?
    var state: LayerPicture.State
    /// It was not shown before.
    var isNew: Bool
  }

  private(set) var ticks: [Tick] = []
  private(set) var framesReceived = 0
  private(set) var keyFramesReceived = 0
  private(set) var decoded = 0
  /// The numbers of those decoded, each once.
  private(set) var decodedNumbers: Set<Int> = []
  private(set) var failures = 0
  /// Pictures whose number could not be read.
  private(set) var unreadable = 0
  private(set) var sizes: Set<PixelSize> = []
  /// Numbers that went back or came twice.
  private(set) var outOfOrder = 0
  private var newest: Int?
  private var newestDecoded: Int?
  private var wraps = 0

  mutating func noteReceived(_ frame: ReceivedVideoFrame) {
    framesReceived += 1
    if frame.isKeyFrame { keyFramesReceived += 1 }
  }

  mutating func noteDecoded(_ frame: VideoFrame) {
    decoded += 1
    sizes.insert(frame.size)
    guard let low = CameraPicture.number(of: frame) else {
      unreadable += 1
      return
    }
    let last = newestDecoded ?? -1
    let number = last + Int(Int16(truncatingIfNeeded: low - last))
    if number <= last { outOfOrder += 1 }
    newestDecoded = number
    decodedNumbers.insert(number)
  }

  mutating func noteFailure() { failures += 1 }

  mutating func notePicked(_ picture: LayerPicture?, at now: MediaTime, stamp: MediaTime) {
    guard let picture, let frame = picture.frame, let low = CameraPicture.number(of: frame) else {
      ticks.append(Tick(time: now, stamp: stamp, number: nil, state: picture?.state ?? .placeholder, isNew: false))
      return
    }
    if let newest, low < newest & 0xffff, newest & 0xffff - low > 32_768 { wraps += 1 }
    let number = wraps << 16 + low
    let isNew = number != newest
    newest = number
    ticks.append(Tick(time: now, stamp: stamp, number: number, state: picture.state, isNew: isNew))
  }
}
