import MediaControl
import MixCore

extension ProgramSettings {
  /// Refuses what no encoder here can do, before any thread or encoder exists.
  func validate() throws(MediaError) {
    let size = PixelSize(width: width, height: height)
    guard PixelLimits.allows(size), width % 2 == 0, height % 2 == 0, width >= 64, height >= 64 else {
      throw MediaError(
        code: "room.video-invalid", message: "The canvas must be even, from 64×64 up to 1920×1088 either way up.")
    }
    guard (1...60).contains(frameRate) else {
      throw MediaError(code: "room.video-invalid", message: "The frame rate must be from 1 to 60.")
    }
    guard (50_000...20_000_000).contains(videoBitrate) else {
      throw MediaError(code: "room.video-invalid", message: "The video bitrate must be from 50 kb/s to 20 Mb/s.")
    }
  }
}

extension Layout {
  init(_ request: LayoutRequest) throws(MediaError) {
    let options = request.options.mapValues { option -> LayoutValue in
      switch option {
      case .number(let value): .number(value)
      case .text(let value): .text(value)
      case .flag(let value): .flag(value)
      }
    }
    do throws(LayoutError) {
      try self.init(name: request.layout, options: options)
    } catch {
      throw MediaError(code: error.code, message: error.message)
    }
  }
}
