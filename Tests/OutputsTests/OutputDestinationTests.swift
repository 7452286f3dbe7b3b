import MixCore
import Outputs
import Testing

@Suite("Output destination")
struct OutputDestinationTests {
  @Test(
    "knows kinds and containers",
    arguments: [
      ("rtmp://live.example/app/key", OutputDestination.Kind.rtmp, Container.flv),
      ("RTMPS://live.example:443/app/key?x=1", .rtmp, .flv),
      ("srt://[::1]:9000?streamid=a", .srt, .ts),
      ("/tmp/a.mp4", .file(.mp4), .mp4),
      ("b.c.WebM", .file(.webm), .webm),
      ("dir.x/a.mkv", .file(.mkv), .mkv),
      ("a:b.ts", .file(.ts), .ts),
    ])
  func kinds(url: String, kind: OutputDestination.Kind, container: Container) throws {
    let destination = try OutputDestination(url)
    #expect(destination.kind == kind && destination.container == container)
  }

  @Test(
    "refuses what names no destination",
    arguments: [
      ("", OutputError.urlInvalid), ("rtmp:///app/key", .urlInvalid), ("rtmp://host", .urlInvalid),
      ("rtmp://host:99999/app/key", .urlInvalid), ("rtmp://host:x/app/key", .urlInvalid), ("srt://host", .urlInvalid),
      ("rtmp://ho st/app", .urlInvalid), ("rtmp://host/a\nb", .urlInvalid),
      ("http://host/x", .schemeUnsupported("http")),
      ("out.avi", .containerUnsupported("out.avi")), ("a.mp4/b", .containerUnsupported("b")),
      (".mp4", .containerUnsupported(".mp4")),
    ])
  func refusals(url: String, error: OutputError) {
    #expect(throws: error) { try OutputDestination(url) }
  }

  @Test(
    "hides the secrets",
    arguments: [
      ("rtmp://host:1935/app/secret", "rtmp://host:1935/app/***"),
      ("rtmp://user:pw@host/app/secret?token=1", "rtmp://***@host/app/***?***"),
      ("srt://host:9000?passphrase=secret", "srt://host:9000?***"),
    ])
  func redaction(url: String, redacted: String) throws {
    #expect(try OutputDestination(url).redacted == redacted)
  }

  @Test("asks for H.264 and AAC everywhere but in WebM")
  func codecs() {
    for container in Container.allCases {
      #expect(container.videoCodec == (container == .webm ? .vp8 : .h264))
      #expect(container.audioCodec == (container == .webm ? .opus : .aac))
    }
  }
}
