import ArgumentParser
import CLinux
import MediaWorker
import MixCore
import OfflineRender
import Outputs

struct RenderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Mix files offline with the live engine on a virtual clock.")

  @Option(help: "The host's file (WebM, MKV, MP4, IVF, Ogg).")
  var host: String

  @Option(help: "A co-host's file; may be given several times.")
  var cohost: [String] = []

  @Option(help: "pip, grid or side-by-side.")
  var layout = "pip"

  @Option(help: "JSON of a scene as GET /api/v1/rooms/{room}/scene shows it; userId is host, cohost-1, cohost-2, …")
  var scene: String?

  @Option(help: "Canvas in pixels, both even.")
  var size = "1280x720"

  @Option(help: "Frames per second, 1 to 60.")
  var fps = 30

  @Option(help: "Bits per second of the mixed video, such as 2500k or 4M.")
  var videoBitrate = "2500k"

  @Option(help: "live, or an x264 preset.")
  var preset = H264Encoder.live

  @Flag(help: "Pace the output by the clock, as a live push needs it.")
  var realtime = false

  @Option(help: "Write the timings of the last frames as a Chrome/Perfetto trace.")
  var trace: String?

  @Option(help: "FILE (.mp4 .flv .mkv .webm .ts) or rtmp://… or srt://…")
  var output: String

  func validate() throws {
    _ = try canvas
    _ = try namedLayout
    guard cohost.count < Layout.maximumParticipants else {
      throw ValidationError("--cohost: at most \(Layout.maximumParticipants - 1) besides the host")
    }
    guard H264Encoder.presets.contains(preset) else {
      throw ValidationError("--preset \(preset): must be one of \(H264Encoder.presets.joined(separator: ", "))")
    }
    guard (1...60).contains(fps) else { throw ValidationError("--fps \(fps): must be from 1 to 60") }
    guard let bitrate = Self.bitrate(videoBitrate), (50_000...20_000_000).contains(bitrate) else {
      throw ValidationError("--video-bitrate \(videoBitrate): must be from 50k to 20M")
    }
  }

  func run() async throws {
    let request = try self.request
    let isRealtime = realtime
    // The muxer blocks: not on the cooperative pool's thread.
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<RenderReport, CommandFailure>, Never>) in
      BlockingWork.run { continuation.resume(returning: Self.render(request, realtime: isRealtime)) }
    }
    let report = try result.get()
    if let trace { try TextFile.write(TraceExport.json(of: report.records), to: trace) }
    print("\(request.output): \(report.frames) frames, \(Self.decimal(report.duration.seconds)) s")
    print(LatencyTable.text(of: report.records))
  }

  private static func render(_ request: RenderRequest, realtime: Bool) -> Result<RenderReport, CommandFailure> {
    var clock = RenderClock(now: { MonotonicClock.now() })
    if realtime { clock.sleep = { MonotonicClock.sleep(until: $0) } }
    let progress = ProgressLine()
    defer { progress.end() }
    var isWriting = false
    do throws(RenderError) {
      let renderer = try Renderer.open(request, clock: clock, interrupt: InterruptFlag(now: { MonotonicClock.now() }))
      isWriting = true
      return .success(
        try renderer.run { time in
          progress.show("rendered \(Int(time.seconds)) s")
          return true
        })
    } catch {
      return .failure(CommandFailure(message: error.message + (isWriting ? "; the output is incomplete" : "")))
    }
  }

  private var request: RenderRequest {
    get throws {
      RenderRequest(
        host: host, cohosts: cohost, arrangement: try arrangement, size: try canvas, frameRate: fps,
        videoBitrate: Self.bitrate(videoBitrate) ?? 0, preset: preset, output: output)
    }
  }

  private var arrangement: RenderRequest.Arrangement {
    get throws {
      if let scene { return .scene(try SceneFile.read(scene, canvas: try canvas)) }
      return .layout(try namedLayout)
    }
  }

  private var namedLayout: Layout {
    get throws {
      do throws(LayoutError) {
        return try Layout(name: layout)
      } catch {
        throw ValidationError("--layout \(layout): \(error.message)")
      }
    }
  }

  private var canvas: PixelSize {
    get throws {
      let parts = size.split(separator: "x").compactMap { Int($0) }
      guard parts.count == 2 else { throw ValidationError("--size \(size): expected WIDTHxHEIGHT") }
      let canvas = PixelSize(width: parts[0], height: parts[1])
      guard PixelLimits.allows(canvas), canvas.width % 2 == 0, canvas.height % 2 == 0, canvas.width >= 64,
        canvas.height >= 64
      else { throw ValidationError("--size \(size): must be even, from 64x64 up to 1920x1088 either way up") }
      return canvas
    }
  }

  /// `2500k`, `4M` or plain bits per second.
  static func bitrate(_ text: String) -> Int? {
    let factors: [Character: Double] = ["k": 1_000, "K": 1_000, "m": 1_000_000, "M": 1_000_000]
    guard let last = text.last else { return nil }
    let factor = factors[last]
    guard let value = Double(factor == nil ? text : String(text.dropLast())), value >= 0, value < 1e9 else {
      return nil
    }
    return Int(value * (factor ?? 1))
  }

  private static func decimal(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
