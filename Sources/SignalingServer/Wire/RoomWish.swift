import Signaling

/// What a client wants a room to be, when it makes or changes one.
struct RoomWish: Decodable, Sendable {
  struct Video: Decodable, Sendable {
    let width: Int?
    let height: Int?
    let frameRate: Int?
    let bitrate: Int?
  }
  let title: String?
  let layout: String?
  let cover: String?
  let notice: String?
  let category: String?
  let tags: [String]?
  let settings: SettingsChange?
  /// Only when it is made.
  let video: Video?
  /// Only when a backend makes it.
  let hostId: String?

  var change: RoomChange {
    var change = RoomChange()
    change.title = title
    change.layout = layout
    change.cover = cover
    change.notice = notice
    change.category = category
    change.tags = tags
    change.settings = settings ?? SettingsChange()
    return change
  }

  var videoSettings: VideoSettings {
    var settings = VideoSettings()
    settings.width = video?.width ?? settings.width
    settings.height = video?.height ?? settings.height
    settings.frameRate = video?.frameRate ?? settings.frameRate
    settings.bitrate = video?.bitrate ?? settings.bitrate
    return settings
  }
}
