import MixCore
import Transport

/// Receives, measures and, if wanted, decodes.
struct ViewerRole: ClientRole, ~Copyable {
  let intents: [MediaIntent]
  let nextDeadline = MediaTime.distantFuture

  private let shared: SharedReport<ViewerReport>
  private var videoMeter = TrackMeter(rate: 90_000)
  private var audioMeter = TrackMeter(rate: 48_000)
  private let decodesVideo: Bool
  private var videoDecoder: VideoDecoder?
  private var audioDecoder: OpusDecoder?
  private let pool = FramePool(capacity: 4)
  private var samples: [Float] = []
  private var needsKeyFrame = false
  private var meters: [FlashMeter]

  init(
    _ configuration: SyntheticViewer.Configuration, report: SharedReport<ViewerReport>
  ) throws(SyntheticClientError) {
    shared = report
    intents = [
      MediaIntent(kind: .audio, direction: .receive),
      MediaIntent(kind: .video, direction: .receive, videoCodecs: configuration.codecs),
    ]
    decodesVideo = configuration.decodesVideo
    meters = configuration.watches.map(FlashMeter.init)
    let meters = meters
    report.update { $0.sightings = meters.map(\.sightings) }
    guard configuration.decodesAudio else { return }
    do throws(OpusError) { audioDecoder = try OpusDecoder() } catch { throw .audio(error) }
  }

  func edit(_ offer: String) -> String { offer }

  mutating func connected(_ media: [NegotiatedMedia], now: MediaTime) {
    let codec = media.first { $0.kind == .video && !$0.rejected }?.videoCodec
    shared.update { $0.videoCodec = codec }
  }

  mutating func advance(_ session: inout RTCSession, control: ClientControl.State, now: MediaTime) {
    guard needsKeyFrame, let video = session.media.firstIndex(where: { $0.kind == .video && !$0.rejected }) else {
      return
    }
    session.requestKeyFrame(media: video, now: now)
    needsKeyFrame = false
  }

  mutating func handle(_ event: RTCEvent, now: MediaTime) {
    switch event {
    case .videoFrame(_, let frame): receive(frame)
    case .audioPacket(_, let packet): receive(packet)
    case .connected, .disconnected, .closed, .keyFrameRequested: break
    }
  }

  func report(_ statistics: SessionStatistics) { shared.update { $0.session = statistics } }

  private mutating func receive(_ frame: ReceivedVideoFrame) {
    shared.update { report in
      videoMeter.record(
        bytes: frame.data.count, timestamp: frame.rtpTimestamp, arrival: frame.lastPacket, in: &report.video)
      report.keyFrames += frame.isKeyFrame ? 1 : 0
    }
    guard decodesVideo else { return }
    do throws(CodecError) {
      if videoDecoder == nil { videoDecoder = try VideoDecoder(codec: frame.codec) }
      if frame.followsLoss { videoDecoder?.recover() }
      guard let picture = try videoDecoder?.decode(frame.data, into: pool) else { return }
      show(picture, arrival: frame.lastPacket)
      for index in meters.indices { meters[index].see(picture, captured: frame.captureTime) }
      if !meters.isEmpty { shared.update { [meters] in $0.sightings = meters.map(\.sightings) } }
    } catch {
      shared.update { $0.decodeFailures += 1 }
      needsKeyFrame = true
    }
  }

  private func show(_ picture: VideoFrame, arrival: MediaTime) {
    let number = FrameMark.read(picture)
    shared.update { report in
      report.framesDecoded += 1
      report.picture = picture
      if let number { report.markedFrames.append(.init(number: number, arrival: arrival)) }
    }
  }

  private mutating func receive(_ packet: ReceivedAudioPacket) {
    shared.update { report in
      audioMeter.record(
        bytes: packet.payload.count, timestamp: UInt32(truncatingIfNeeded: packet.timestamp), arrival: packet.arrival,
        in: &report.audio)
    }
    do throws(OpusError) {
      guard let count = try audioDecoder?.decode(packet.payload, into: &samples) else { return }
      for index in meters.indices {
        meters[index].hear(samples[..<(count * AudioFormat.channels)], captured: packet.captureTime)
      }
      shared.update { report in
        report.samplesDecoded += count
        for sample in samples[..<(count * AudioFormat.channels)] { report.sound.append(sample) }
      }
    } catch {
      shared.update { $0.decodeFailures += 1 }
    }
  }
}
