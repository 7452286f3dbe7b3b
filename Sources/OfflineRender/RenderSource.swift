import MixCore

/// One input file of a rendering.
final class RenderSource {
  let id: SourceID
  let isHost: Bool
  private let path: String
  private var reader: MediaFileReader
  private var shown: VideoFrame?

  init(path: String, id: SourceID, isHost: Bool) throws(RenderError) {
    self.path = path
    self.id = id
    self.isHost = isHost
    do throws(ReadError) { reader = try MediaFileReader(path: path) } catch { throw .input(error) }
    guard reader.video != nil || reader.audio != nil else { throw .nothingToRender(file: path) }
  }

  /// The picture that belongs to `time`, unless it is the one given before.
  func newPicture(at time: MediaTime) throws(RenderError) -> VideoFrame? {
    do throws(ReadError) {
      guard let frame = try reader.picture(at: time), frame !== shown else { return nil }
      shown = frame
      return frame
    } catch {
      throw .input(error)
    }
  }

  /// Fills ten milliseconds of sound; `false` when the file has no sound then.
  func sound(at time: MediaTime, into block: inout AudioBlock) throws(RenderError) -> Bool {
    do throws(ReadError) { return try reader.sound(at: time, into: &block) } catch { throw .input(error) }
  }

  func hasEnded(at time: MediaTime) throws(RenderError) -> Bool {
    do throws(ReadError) { return try reader.hasEnded(at: time) } catch { throw .input(error) }
  }
}
