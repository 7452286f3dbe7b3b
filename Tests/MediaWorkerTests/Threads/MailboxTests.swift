import Glibc
import MixCore
import Testing

@testable import MediaWorker

@Suite("A loop's mailbox")
struct MailboxTests {
  private struct Letter: LoopMessage {
    var number = 0
    var isMedia = true
    var bytes = 0

    func refuse() {}
  }

  /// Signals since the last call.
  private static func signals(_ mailbox: Mailbox<Letter>) -> UInt64 {
    var count: UInt64 = 0
    _ = unsafe read(mailbox.wakeup.descriptor, &count, MemoryLayout<UInt64>.size)
    return count
  }

  @Test("A loop that has been woken is not woken for each further message, but again once it has read them")
  func signalsOnce() {
    let mailbox = Mailbox<Letter>()
    var spare: [Letter] = []
    for number in 0..<10 { mailbox.send(Letter(number: number)) }
    #expect(Self.signals(mailbox) == 1)
    mailbox.exchange(&spare)
    #expect(spare.map(\.number) == Array(0..<10))
    mailbox.send(Letter())
    #expect(Self.signals(mailbox) == 1)
  }

  @Test("What is read by the loop's own ticks wakes nobody, and what comes behind it does")
  func quietMessages() {
    let mailbox = Mailbox<Letter>()
    for number in 0..<3 { mailbox.send(Letter(number: number), wake: false) }
    #expect(Self.signals(mailbox) == 0)
    mailbox.send(Letter())
    #expect(Self.signals(mailbox) == 1)
  }

  @Test("While a loop stands still pictures keep no more than 64 MiB, and sound and commands still come")
  func boundedMemory() {
    let mailbox = Mailbox<Letter>()
    var spare: [Letter] = []
    for round in 1...2 {
      for number in 0..<200 { mailbox.send(Letter(number: number, bytes: 1 << 20)) }
      mailbox.send(Letter(number: 200))
      mailbox.send(Letter(number: 201, isMedia: false, bytes: 1 << 20))
      mailbox.exchange(&spare)
      #expect(spare.map(\.number) == Array(0..<64) + [200, 201])
      #expect(mailbox.discarded == round * 136)
    }
  }

  @Test("No message is ever left behind by a loop that sleeps until it is woken")
  func nothingIsLost() {
    let mailbox = Mailbox<Letter>()
    let (senders, each) = (3, 20_000)
    for _ in 0..<senders {
      LoopThread.start("test-sender") {
        for number in 0..<each { mailbox.send(Letter(number: number, isMedia: false), wake: number % 3 != 0) }
        mailbox.send(Letter(number: each, isMedia: false))
      }
    }
    var spare: [Letter] = []
    var (received, sleeps) = (0, 0)
    // A wait ends by itself after a second: ten of them in a row are a wake-up that never came.
    while received < senders * (each + 1), sleeps < 10 {
      guard mailbox.wakeup.wait(until: .distantFuture).isSignalled else {
        sleeps += 1
        continue
      }
      sleeps = 0
      mailbox.wakeup.clear()
      mailbox.exchange(&spare)
      received += spare.count
    }
    #expect(received == senders * (each + 1))
  }
}
