import MixCore
import Transport

/// Sends picture n at start + n / frame rate, and each packet of sound when its last sample has been "recorded".
struct PublisherRole: ClientRole, ~Copyable {
  let intents: [MediaIntent]

  private let shared: SharedReport<PublisherReport>
  private let flashes: FlashPattern?
  private var video: VideoFeed
  private var audio: AudioFeed
  private var videoPacketizer = VP8Packetizer()
  /// Sent instead of `video` where there are any.
  private let simulcast: [SimulcastFeed]
  private var audioPacketizer = OpusPacketizer()
  private var videoMedia: Int?
  private var audioMedia: Int?

  private var start = MediaTime.zero
  private var nextFrame: Int64 = 0
  private var nextPacket: Int64 = 0
  private var isKeyFrameWanted = true

  /// Sound that is later than this is skipped.
  private static let maximumAudioLag: Int64 = 10
  /// Sound that is later than this counts as late.
  private static let tolerableAudioDelay = MediaTime.milliseconds(20)

  init(
    _ configuration: SyntheticPublisher.Configuration, report: SharedReport<PublisherReport>
  ) throws(SyntheticClientError) {
    shared = report
    flashes = configuration.flashes
    let feeds = try Self.simulcastFeeds(configuration)
    let video = try Self.videoFeed(configuration)
    audio = try Self.audioFeed(configuration)
    self.video = video
    simulcast = feeds
    intents = [
      MediaIntent(kind: .audio, direction: .send, streamID: "synthetic"),
      MediaIntent(
        kind: .video, direction: .send, videoCodecs: [.vp8], streamID: "synthetic", layers: feeds.map(\.name)),
    ]
    report.update { $0.frameRate = configuration.frameRate }
  }

  private static func videoFeed(
    _ configuration: SyntheticPublisher.Configuration
  ) throws(SyntheticClientError) -> VideoFeed {
    do throws(CodecError) { return try VideoFeed(configuration) } catch { throw .video(error) }
  }

  private static func simulcastFeeds(
    _ configuration: SyntheticPublisher.Configuration
  ) throws(SyntheticClientError) -> [SimulcastFeed] {
    var feeds: [SimulcastFeed] = []
    do throws(CodecError) {
      for layer in configuration.layers { feeds.append(try SimulcastFeed(layer, of: configuration)) }
    } catch {
      throw .video(error)
    }
    return feeds
  }

  private static func audioFeed(
    _ configuration: SyntheticPublisher.Configuration
  ) throws(SyntheticClientError) -> AudioFeed {
    if let recording = configuration.recordedSound { return AudioFeed(recording) }
    do throws(OpusError) {
      return try AudioFeed(hertz: configuration.toneHertz, isReplayed: configuration.replaySeconds != nil)
    } catch {
      throw .audio(error)
    }
  }

  /// Its pictures have the rate they have, so it cannot follow an estimate: without feedback there is none.
  func edit(_ offer: String) -> String {
    offer.split(separator: "\r\n", omittingEmptySubsequences: false)
      .filter { line in !Self.rateFeedback.contains { line.contains($0) } }.joined(separator: "\r\n")
  }

  private static let rateFeedback = ["transport-cc", "transport-wide-cc", "goog-remb"]

  var nextDeadline: MediaTime { min(frameTime(nextFrame), packetEnd(nextPacket)) }

  mutating func connected(_ media: [NegotiatedMedia], now: MediaTime) {
    videoMedia = media.firstIndex { $0.kind == .video && !$0.rejected }
    audioMedia = media.firstIndex { $0.kind == .audio && !$0.rejected }
    start = now
    shared.update { $0.mediaStart = now }
  }

  mutating func handle(_ event: RTCEvent, now: MediaTime) {
    guard case .keyFrameRequested = event else { return }
    isKeyFrameWanted = true
    for feed in simulcast { feed.wantKeyFrame() }
    shared.update { $0.keyFrameRequests += 1 }
  }

  mutating func advance(_ session: inout RTCSession, control: ClientControl.State, now: MediaTime) {
    sendAudio(through: &session, isOn: control.isAudioOn, now: now)
    sendVideo(through: &session, control, now: now)
  }

  func report(_ statistics: SessionStatistics) { shared.update { $0.session = statistics } }

  private mutating func sendVideo(through session: inout RTCSession, _ control: ClientControl.State, now: MediaTime) {
    guard frameTime(nextFrame) <= now else { return }
    let newest = max(nextFrame, (now - start).nanoseconds * Int64(video.frameRate) / 1_000_000_000)
    if newest > nextFrame { shared.update { $0.framesSkipped += Int(newest - nextFrame) } }
    nextFrame = newest + 1
    guard control.isVideoOn, let videoMedia else {
      isKeyFrameWanted = true
      return
    }
    do throws(CodecError) {
      guard simulcast.isEmpty else {
        return try sendLayers(control.activeLayers, through: &session, number: newest, media: videoMedia)
      }
      guard
        let packet = try video.next(
          number: Int(newest), time: frameTime(newest), forceKeyFrame: isKeyFrameWanted, height: control.videoHeight)
      else { return }
      session.send(videoPacketizer.packetize(packet), media: videoMedia, now: ClientClock.now())
      count(packet)
    } catch {
      shared.update { $0.encodeFailures += 1 }
    }
  }

  private mutating func sendLayers(
    _ active: Set<Int>?, through session: inout RTCSession, number: Int64, media: Int
  ) throws(CodecError) {
    for (layer, feed) in simulcast.enumerated() {
      guard active?.contains(layer) ?? true else {
        feed.wantKeyFrame()
        continue
      }
      guard let next = try feed.next(number: Int(number), time: frameTime(number)) else { continue }
      session.send(next.frame, media: media, layer: layer, now: ClientClock.now())
      count(next.packet)
    }
  }

  private mutating func count(_ packet: EncodedPacket) {
    isKeyFrameWanted = isKeyFrameWanted && !packet.isKeyFrame
    shared.update { report in
      report.framesSent += 1
      report.keyFramesSent += packet.isKeyFrame ? 1 : 0
      report.videoBytes += packet.data.count
    }
  }

  private mutating func sendAudio(through session: inout RTCSession, isOn: Bool, now: MediaTime) {
    let newest = (now - start).nanoseconds / AudioFeed.packetDuration.nanoseconds - 1
    nextPacket = max(nextPacket, newest - Self.maximumAudioLag)
    while packetEnd(nextPacket) <= now {
      let time = packetEnd(nextPacket - 1)
      let isLate = now - packetEnd(nextPacket) > Self.tolerableAudioDelay
      nextPacket += 1
      guard isOn, let audioMedia else { continue }
      do throws(OpusError) {
        guard let packet = try audio.next(at: time, isSounding: flashes?.isOn(at: time - start) ?? true) else {
          continue
        }
        session.send(audioPacketizer.packetize(packet), media: audioMedia, now: now)
        shared.update { report in
          report.audioPacketsSent += 1
          report.soundsLate += isLate ? 1 : 0
        }
      } catch {
        shared.update { $0.encodeFailures += 1 }
      }
    }
  }

  private func frameTime(_ number: Int64) -> MediaTime {
    start + MediaTime(count: number, rate: Int64(video.frameRate))
  }

  private func packetEnd(_ number: Int64) -> MediaTime { start + AudioFeed.packetDuration * (number + 1) }
}
