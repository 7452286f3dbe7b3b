import MixCore
import Testing

@testable import MediaWorker

@Suite struct LayerChoiceTests {
  private func time(_ milliseconds: Int64) -> MediaTime { .seconds(100) + .milliseconds(milliseconds) }

  /// Quarter, half and full size, as Chromium sends them.
  private func offers(active: [Bool] = [true, true, true], lastPackets: [MediaTime]? = nil) -> [LayerOffer] {
    [(320, 180, 150_000), (640, 360, 500_000), (1280, 720, 1_700_000)].enumerated().map { index, offer in
      LayerOffer(
        layer: index, size: PixelSize(width: offer.0, height: offer.1), bitrate: offer.2, isActive: active[index],
        lastPacket: lastPackets?[index] ?? time(0))
    }
  }

  // MARK: The programme

  @Test("The programme takes the smallest layer that fills the rectangle, and keeps one that is a little too small")
  func programme() {
    var choice = ProgramLayer()
    func choose(_ width: Int, _ height: Int) -> Int? {
      choice.choose(
        among: offers(), for: PixelSize(width: width, height: height), at: time(0))
    }
    #expect(choose(320, 180) == 0)
    #expect(choose(340, 192) == 0)
    #expect(choose(380, 214) == 1)
    #expect(choose(340, 192) == 1)
    #expect(choose(640, 720) == 2)
    #expect(choose(1920, 1080) == 2)
    #expect(choose(320, 180) == 0)
  }

  @Test("Before anything came the first layer is waited for, and left at once for the first that comes")
  func beginning() {
    var choice = ProgramLayer()
    let canvas = PixelSize(width: 1280, height: 720)
    let never = [MediaTime](repeating: .distantPast, count: 3)
    #expect(choice.choose(among: [], for: canvas, at: time(0)) == nil)
    let silent = offers(active: [false, false, false], lastPackets: never)
    #expect(choice.choose(among: silent, for: canvas, at: time(0)) == 0)
    let middle = offers(active: [false, true, false], lastPackets: [.distantPast, time(100), .distantPast])
    #expect(choice.choose(among: middle, for: canvas, at: time(100)) == 1)
  }

  @Test(
    "A layer without pictures for half a second is replaced by the next best, and taken again a second after its return"
  )
  func silence() {
    var choice = ProgramLayer()
    let canvas = PixelSize(width: 1280, height: 720)
    var layers: [Int64: Int?] = [:]
    var current: Int?
    var last = time(0)
    for moment in stride(from: Int64(0), to: 6_000, by: 100) {
      let isTopAlive = moment < 1_000 || moment >= 3_000
      if isTopAlive { last = time(moment) }
      let isTopActive = moment < 2_000 || moment >= 3_000
      current = choice.choose(
        among: offers(
          active: [true, true, isTopActive], lastPackets: [time(moment), time(moment), last]), for: canvas,
        at: time(moment))
      layers[moment] = current
    }
    #expect(layers[1_400] == 2)
    #expect(layers[1_600] == 1)
    #expect(layers[2_900] == 1)
    #expect(layers[3_500] == 1)
    #expect(layers[4_000] == 2)
  }

  @Test("When nothing comes of any layer for a while, the chosen one stays chosen")
  func standstill() {
    var choice = ProgramLayer()
    let canvas = PixelSize(width: 1280, height: 720)
    for moment in stride(from: Int64(0), to: 5_000, by: 100) {
      let last = [MediaTime](repeating: time(moment < 1_000 || moment > 4_000 ? moment : 900), count: 3)
      let isActive = moment < 1_900 || moment > 4_000
      let layer = choice.choose(
        among: offers(active: [Bool](repeating: isActive, count: 3), lastPackets: last), for: canvas, at: time(moment))
      #expect(layer == 2, "after \(moment) ms")
    }
  }

  // MARK: The stage

  private func settle(
    _ choice: inout StageChoice, tile: Int = 360, available: Int?, temporalLayers: UInt8 = 1,
    offers: [LayerOffer]? = nil, from start: Int64 = 0, for duration: Int64 = 3_000
  ) -> StageTarget {
    var target = StageTarget.paused
    for moment in stride(from: start, through: start + duration, by: 100) {
      target = choice.update(
        offers: offers ?? self.offers(), temporalLayers: temporalLayers, tileHeight: tile, available: available,
        at: time(moment))
    }
    return target
  }

  @Test(
    "A receiver gets no more than his tile shows and his path carries",
    arguments: [
      (360, nil, 1), (180, nil, 0), (720, nil, 2), (1080, nil, 2), (720, 3_000_000, 2), (720, 1_000_000, 1),
      (720, 400_000, 0), (360, 5_000_000, 1),
    ] as [(Int, Int?, Int)])
  func stage(tile: Int, available: Int?, layer: Int) {
    var choice = StageChoice()
    #expect(settle(&choice, tile: tile, available: available) == StageTarget(layer: layer))
  }

  @Test(
    "What the next better layer would take with its sound is known, where the tile shows one",
    arguments: [(720, 1_000_000, 1_780_000), (720, 400_000, 580_000), (360, 1_000_000, nil)] as [(Int, Int, Int?)])
  func better(tile: Int, available: Int, bitrate: Int?) {
    var choice = StageChoice()
    _ = settle(&choice, tile: tile, available: available)
    #expect(choice.betterBitrate == bitrate)
  }

  @Test("When room gets scarce the temporal layers go first, then the video, never the sound; it comes back by itself")
  func scarcity() {
    var choice = StageChoice()
    let single = [
      LayerOffer(
        layer: 0, size: PixelSize(width: 640, height: 360), bitrate: 700_000, isActive: true, lastPacket: .zero)
    ]
    #expect(settle(&choice, available: 2_000_000, temporalLayers: 2, offers: single) == StageTarget(layer: 0))
    let thin = settle(&choice, available: 600_000, temporalLayers: 2, offers: single, from: 3_000, for: 100)
    #expect(thin == StageTarget(layer: 0, temporalLayers: 1))
    #expect(settle(&choice, available: 200_000, temporalLayers: 2, offers: single, from: 4_000, for: 0) == .paused)
    #expect(
      settle(&choice, available: 1_500_000, temporalLayers: 2, offers: single, from: 4_100, for: 3_000)
        == StageTarget(layer: 0))
  }

  @Test("Paused video is tried again after five seconds, then ever more rarely while there is no room")
  func retries() {
    var choice = StageChoice()
    let single = [
      LayerOffer(
        layer: 0, size: PixelSize(width: 640, height: 360), bitrate: 700_000, isActive: true, lastPacket: .zero)
    ]
    _ = settle(&choice, available: 2_000_000, offers: single)
    var (resumptions, pauses): ([Int64], [Int64]) = ([], [])
    var before = StageTarget(layer: 0)
    for moment in stride(from: Int64(3_000), to: 60_000, by: 100) {
      let target = choice.update(
        offers: single, temporalLayers: 1, tileHeight: 360, available: 200_000, at: time(moment))
      if before == .paused, target != .paused { resumptions.append(moment) }
      if before != .paused, target == .paused { pauses.append(moment) }
      before = target
    }
    // A try lasts three seconds, so that a key frame can come and the estimate can grow with it.
    #expect(zip(resumptions, [8_000, 21_000, 44_000]).allSatisfy { abs($0 - $1) <= 300 })
    #expect(zip(pauses, [3_000, 11_000, 24_000, 47_000]).allSatisfy { abs($0 - $1) <= 300 })
    #expect(resumptions.count == 3 && pauses.count == 4)
  }

  @Test("Who tells no more than a bound keeps the smallest layer whole, and gets more once it allows more")
  func unmeasured() {
    var choice = StageChoice()
    var target = StageTarget.paused
    for moment in stride(from: Int64(0), to: 30_000, by: 100) {
      let available = moment < 20_000 ? 60_000 : 3_000_000
      target = choice.update(
        offers: offers(), temporalLayers: 2, tileHeight: 720, available: available, isMeasured: false, at: time(moment))
      if moment < 20_000 { #expect(target == StageTarget(layer: 0)) }
    }
    #expect(target == StageTarget(layer: 2))
  }

  @Test("A try of a stream without temporal layers lasts if the path carries it")
  func successfulTry() {
    var choice = StageChoice()
    let single = [
      LayerOffer(
        layer: 0, size: PixelSize(width: 640, height: 360), bitrate: 700_000, isActive: true, lastPacket: .zero)
    ]
    _ = settle(&choice, available: 200_000, offers: single)
    #expect(settle(&choice, available: 200_000, offers: single, from: 3_000, for: 3_000) == StageTarget(layer: 0))
    // Enough to go on with, not to begin with.
    #expect(settle(&choice, available: 750_000, offers: single, from: 6_100, for: 9_000) == StageTarget(layer: 0))
  }

  @Test("An estimate that wavers does not make the layers waver")
  func wavering() {
    var choice = StageChoice()
    var changes = 0
    var before = StageTarget(layer: 0)
    for moment in stride(from: Int64(0), to: 30_000, by: 100) {
      // Between 530 and 690 kb/s, around what the middle layer needs.
      let available = 610_000 + Int(80_000 * (moment / 700 % 2 == 0 ? 1 : -1))
      let target = choice.update(
        offers: offers(), temporalLayers: 1, tileHeight: 720, available: available, at: time(moment))
      if target != before { changes += 1 }
      before = target
    }
    #expect(changes <= 2)
  }
}
