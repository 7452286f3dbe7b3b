import MixCore
import Testing

/// Sound and pictures of each participant meet in the programme, whatever his network does.
@Suite(.serialized) struct SyncTests {
  private let host = SyncStage.Participant(id: SourceID("host"), isHost: true)
  private let guest = SyncStage.Participant(id: SourceID("guest"), offset: 11)

  @Test("On a clean network both are in step, and no picture waits", arguments: [3, 17, 31] as [Double])
  func clean(offset: Double) throws {
    var host = host
    host.offset = offset
    let outcome = try SyncStage(participants: [host, guest], seconds: 14).run()
    for who in ["host", "guest"] {
      #expect(outcome.skew99(who, 2, 14) <= 40)
      #expect(outcome.skew99(who, 8, 14) <= 25)
    }
    #expect(outcome.repeats("host", 2, 14) == 0)
    #expect(outcome.missed == 0)
  }

  @Test("Jitter of 100 ms on one participant's uplink", arguments: ["host", "guest"])
  func jitter(who: String) throws {
    var people = [host, guest]
    let index = who == "host" ? 0 : 1
    people[index].soundJitter = { _ in 100 }
    people[index].pictureJitter = { _ in 100 }
    let outcome = try SyncStage(participants: people, seconds: 20).run()
    #expect(outcome.skew99("host", 8, 20) <= 40)
    #expect(outcome.skew99("guest", 8, 20) <= 40)
    #expect(outcome.missed == 0)
    // Evened out: hardly any frame repeats the one before.
    #expect(outcome.repeats(who, 8, 20) <= 12 * 30 * 4 / 100)
  }

  @Test("Sound that is late makes the pictures wait", arguments: ["host", "guest"])
  func lateSound(who: String) throws {
    var people = [host, guest]
    people[who == "host" ? 0 : 1].soundJitter = { $0 > 5 && $0 < 20 ? 150 : 0 }
    let outcome = try SyncStage(participants: people, seconds: 34).run()
    #expect(outcome.skew99(who, 12, 20) <= 40)
    #expect(outcome.skew99(who, 29, 34) <= 25)
    #expect(outcome.delays(who, 29, 34).allSatisfy { $0 < 45 })
  }

  @Test("Pictures that are decoded slowly make the sound wait", arguments: ["host", "guest"])
  func slowPictures(who: String) throws {
    var people = [host, guest]
    people[who == "host" ? 0 : 1].decoding = { $0 > 5 ? 120 : 3 }
    let outcome = try SyncStage(participants: people, seconds: 20).run()
    #expect(outcome.skew99(who, 13, 20) <= 40)
  }

  @Test("Uneven pictures are evened out, and five seconds after the disturbance nothing is left of it")
  func disturbance() throws {
    var host = host
    host.pictureJitter = { $0 > 4 && $0 < 10 ? 120 : 0 }
    let outcome = try SyncStage(participants: [host, guest], seconds: 24).run()
    #expect(outcome.repeats("host", 6, 10) <= 4 * 30 * 5 / 100)
    #expect(outcome.delays("host", 15, 24).allSatisfy { $0 < 45 })
    #expect(outcome.repeats("host", 16, 24) == 0)
    #expect(outcome.skew99("host", 20, 24) <= 25)
  }

  @Test("Five seconds without the loop: five seconds later everything is as before, and no time goes back")
  func stall() throws {
    let outcome = try SyncStage(participants: [host, guest], seconds: 22, stall: 6...11).run()
    #expect(outcome.missed >= 145 && outcome.missed <= 151)
    #expect(zip(outcome.videoTimes, outcome.videoTimes.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(outcome.audioTimes, outcome.audioTimes.dropFirst()).allSatisfy { $0 < $1 })
    for who in ["host", "guest"] {
      #expect(outcome.skew99(who, 16, 22) <= 25)
      #expect(outcome.delays(who, 16, 22).allSatisfy { $0 < 45 })
    }
    #expect(outcome.repeats("host", 16, 22) == 0)
  }

  @Test("Who joins late is in step as soon as the others")
  func lateJoin() throws {
    var guest = guest
    guest.joins = 8
    guest.soundJitter = { _ in 20 }
    let outcome = try SyncStage(participants: [host, guest], seconds: 20).run()
    #expect(outcome.skew99("guest", 12, 20) <= 40)
    #expect(outcome.skew99("host", 2, 20) <= 40)
  }

  @Test("Cameras of other rates", arguments: [15, 29.97, 60] as [Double])
  func rates(rate: Double) throws {
    var (host, guest) = (host, guest)
    host.frameRate = rate
    guest.frameRate = rate
    let outcome = try SyncStage(participants: [host, guest], seconds: 16).run()
    #expect(outcome.skew99("host", 5, 16) <= 40)
    #expect(outcome.skew99("guest", 5, 16) <= 40)
  }

  @Test("A host with half as many pictures takes none of a guest's", arguments: [1, 7, 13, 19, 25, 31] as [Double])
  func slowHost(offset: Double) throws {
    var (host, guest) = (host, guest)
    host.frameRate = 15
    guest.offset = offset
    let outcome = try SyncStage(participants: [host, guest], seconds: 16).run()
    #expect(outcome.repeats("guest", 3, 16) == 0)
    #expect(outcome.skew99("host", 3, 16) <= 40)
    #expect(outcome.skew99("guest", 3, 16) <= 40)
  }

  @Test("A single picture that is seen to be later than its sound gives way to the next", arguments: ["host", "guest"])
  func lateOnes(who: String) throws {
    var people = [host, guest]
    let index = who == "host" ? 0 : 1
    people[index].frameRate = 15
    people[index].decoding = { Int($0 * 15 + 0.5) % 16 == 7 ? 62 : 3 }
    let outcome = try SyncStage(participants: people, seconds: 30).run()
    #expect(outcome.skew99(who, 6, 30) <= 40)
    let pictures = outcome.delays(who, 6, 30).count
    #expect((24 * 15 - 24...24 * 15).contains(pictures))
  }

  @Test("A camera that runs through the ticks of a slow programme loses nothing", arguments: [15, 20, 25])
  func slowProgramme(rate: Int) throws {
    var (host, guest) = (host, guest)
    host.frameRate = Double(rate)
    guest.frameRate = Double(rate) - 0.1
    let outcome = try SyncStage(participants: [host, guest], frameRate: rate, seconds: 40).run()
    let times = (outcome.shown[SourceID("guest")] ?? []).map(\.time).filter { $0 > 4 }
    let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 1
    #expect(longest < 2.1 / Double(rate))
  }
}
