import MixCore

/// A live programme on virtual time with participants whose sound and pictures come over their own bad networks.
struct SyncStage {
  struct Participant {
    var id: SourceID
    var isHost = false
    var frameRate = 30.0
    /// Capture of his first picture; his sound begins at zero.
    var offset = 3.0
    /// Milliseconds from capture to arrival, at least.
    var transit = 30.0
    /// Extra milliseconds of sound and pictures captured at a time, at most; each packet gets a random part.
    var soundJitter: (Double) -> Double = { _ in 0 }
    var pictureJitter: (Double) -> Double = { _ in 0 }
    /// From a frame's arrival to its picture.
    var decoding: (Double) -> Double = { _ in 3 }
    var joins = 0.0
  }

  struct Shown {
    var time: Double
    var delay: Double
    /// Sound minus picture, in milliseconds; `nil` before any sound.
    var skew: Double?
  }

  struct Outcome {
    var shown: [SourceID: [Shown]] = [:]
    var repeats: [SourceID: [Double]] = [:]
    var missed: Int64 = 0
    var videoTimes: [MediaTime] = []
    var audioTimes: [MediaTime] = []

    /// 99 % of the pictures between `from` and `to` seconds are within this of their sound.
    func skew99(_ id: String, _ from: Double, _ to: Double) -> Double {
      let values = (shown[SourceID(id)] ?? []).filter { $0.time >= from && $0.time < to }
        .map { abs($0.skew ?? 1_000) }.sorted()
      return values.isEmpty ? 1_000 : values[values.count * 99 / 100]
    }

    func delays(_ id: String, _ from: Double, _ to: Double) -> [Double] {
      (shown[SourceID(id)] ?? []).filter { $0.time >= from && $0.time < to }.map(\.delay)
    }

    /// Distances of the instants at which new pictures were captured as shown, in frames of the programme.
    func repeats(_ id: String, _ from: Double, _ to: Double) -> Int {
      (repeats[SourceID(id)] ?? []).filter { $0 >= from && $0 < to }.count
    }
  }

  private enum Event {
    case join(Int)
    case packet(Int, number: Int64, capture: MediaTime)
    case picture(Int, capture: MediaTime)
  }

  var participants: [Participant]
  var frameRate = 30
  var seconds: Double
  /// The loop does not run within; what arrives then is read at the end.
  var stall: ClosedRange<Double>?
  var seed: UInt64 = 1

  private static let packet = MediaTime.milliseconds(20)

  func run() throws -> Outcome {
    let start = MediaTime.seconds(1_000)
    var program = Program(
      ProgramConfiguration(
        canvas: PixelSize(width: 320, height: 180), frameRate: frameRate, layout: .pip(PipOptions()), timing: .live),
      start: start)
    let events = makeEvents(start)
    let payload = try packetOfTone()
    let pool = FramePool(capacity: 200)
    var outcome = Outcome()
    var block = AudioBlock()
    var heard: [SourceID: Double] = [:]
    var next = 0
    var now = start
    while now < start + MediaTime(seconds: seconds) {
      now = max(now, min(program.nextDeadline, next < events.count ? events[next].time : .distantFuture))
      now = resumed(now, start)
      while next < events.count, events[next].time <= now {
        switch events[next].event {
        case .join(let index):
          _ = program.join(
            participants[index].id, isHost: participants[index].isHost, playout: try AudioPlayout(), at: now)
        case .packet(let index, let number, let capture):
          program.insert(
            audio: payload, sequence: number, timestamp: number * 960, arrival: arrival(events[next].time, now, start),
            captureTime: capture, for: participants[index].id)
        case .picture(let index, let capture):
          var timings = FrameTimings()
          timings.captured = capture
          timings.decoded = arrival(events[next].time, now, start)
          let frame = pool.acquire(PixelSize(width: 16, height: 16))!
          program.insert(
            SourcePicture(frame: frame, instant: timings.decoded, timings: timings), for: participants[index].id,
            at: timings.decoded)
        }
        next += 1
      }
      while let tick = program.nextTick(at: now) {
        switch tick {
        case .audio(let time):
          program.mixAudio(into: &block, at: start + time)
          outcome.audioTimes.append(time)
          for participant in participants {
            guard let sound = program.audioStatistics(of: participant.id), sound.delay != .zero else { continue }
            // 6.5 ms are the look-ahead of the encoder.
            heard[participant.id] = sound.delay.milliseconds - 40 + 6.5
          }
        case .video(_, let time):
          outcome.videoTimes.append(time)
          let job = program.pickFrame(time: time, at: now)
          program.stamp { ledger in
            for layer in ledger[job.id]?.layers ?? [] {
              let seconds = (now - start).seconds
              if layer.isRepeat {
                outcome.repeats[layer.source, default: []].append(seconds)
              } else {
                let delay = (start + time - layer.timings.captured).milliseconds
                outcome.shown[layer.source, default: []].append(
                  Shown(time: seconds, delay: delay, skew: heard[layer.source].map { $0 - delay }))
              }
            }
          }
        case .missedVideo(let count): outcome.missed += count
        }
      }
    }
    return outcome
  }

  private func resumed(_ now: MediaTime, _ start: MediaTime) -> MediaTime {
    guard let stall, stall.contains((now - start).seconds) else { return now }
    return start + MediaTime(seconds: stall.upperBound)
  }

  /// Sockets are read when the process runs again.
  private func arrival(_ time: MediaTime, _ now: MediaTime, _ start: MediaTime) -> MediaTime {
    guard let stall, stall.contains((time - start).seconds) else { return time }
    return now
  }

  private func packetOfTone() throws -> [UInt8] {
    try AudioSource.tone(440, seconds: 1)[20].payload
  }

  private func makeEvents(_ start: MediaTime) -> [(time: MediaTime, event: Event)] {
    var random = SeededRandom(seed)
    var events: [(time: MediaTime, event: Event)] = []
    for (index, participant) in participants.enumerated() {
      events.append((start + MediaTime(seconds: participant.joins), .join(index)))
      func time(_ seconds: Double, _ milliseconds: Double) -> MediaTime {
        start + MediaTime(seconds: seconds + milliseconds / 1_000)
      }
      for number in 0..<Int64((seconds - participant.joins) * 50) {
        let capture = participant.joins + Double(number) * 0.02
        let late = Double.random(in: 0...1, using: &random) * participant.soundJitter(capture)
        // As the receiver estimates it: on the local clock, less the least transit.
        events.append(
          (
            time(capture, 20 + participant.transit + late),
            .packet(index, number: number, capture: time(capture, participant.transit))
          ))
      }
      var order = MediaTime.zero
      for number in 0..<Int64((seconds - participant.joins) * participant.frameRate) {
        let capture = participant.joins + participant.offset / 1_000 + Double(number) / participant.frameRate
        let late = Double.random(in: 0...1, using: &random) * participant.pictureJitter(capture)
        order = max(order, time(capture, participant.transit + late))
        let decoded = order + MediaTime(seconds: participant.decoding(capture) / 1_000)
        events.append((decoded, .picture(index, capture: time(capture, participant.transit))))
      }
    }
    return events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}
