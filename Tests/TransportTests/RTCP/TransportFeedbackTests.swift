import MixCore
import Testing

@testable import Transport

@Suite("Transport-wide feedback")
struct TransportFeedbackTests {
  private static func write(_ receiver: inout TransportReceiver) -> [UInt8] {
    writeRTCP { receiver.writeFeedback(into: &$0, sender: 1) }
  }

  private static func statuses(_ bytes: [UInt8]) -> [TransportFeedbackReport.Status] {
    unsafe bytes.withUnsafeBytes { buffer in
      var all: [TransportFeedbackReport.Status] = []
      for case .transportFeedback(let report) in unsafe RTCPCompound(buffer) { all += Array(report) }
      return all
    }
  }

  @Test("What arrived is told in order, with its spacing, whatever was lost", arguments: [1, 2, 3, 4, 5] as [UInt64])
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var receiver = TransportReceiver()
    var now = MediaTime.seconds(5000)
    var sequence: UInt16 = 65_400
    var previous: UInt16?
    for _ in 0..<40 {
      var expected: [(UInt16, MediaTime?)] = []
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        now += .microseconds(Int64.random(in: 0...9000, using: &random))
        if Int.random(in: 0..<8, using: &random) > 0 {
          receiver.note(sequence, ssrc: 3, bytes: 1000, arrival: now)
          expected.append((sequence, now))
        } else {
          expected.append((sequence, nil))
        }
        sequence &+= 1
      }
      while let last = expected.last, last.1 == nil { expected.removeLast(); sequence &-= 1 }
      if previous == nil { while let first = expected.first, first.1 == nil { expected.removeFirst() } }
      guard !expected.isEmpty else { continue }
      let told = Self.statuses(Self.write(&receiver))
      #expect(told.map(\.sequence) == expected.map(\.0))
      let zero = told.first { $0.arrival != nil }?.arrival
      let realZero = expected.first { $0.1 != nil }?.1
      for (status, real) in zip(told, expected) {
        #expect((status.arrival == nil) == (real.1 == nil))
        guard let arrival = status.arrival, let time = real.1, let zero, let realZero else { continue }
        #expect(abs(((arrival - zero) - (time - realZero)).nanoseconds) <= 250_000)
      }
      previous = expected.last?.0
    }
  }

  @Test("Nothing received is nothing to report, and the time of a report is bounded")
  func schedule() {
    var receiver = TransportReceiver()
    #expect(receiver.nextDeadline == .distantFuture)
    #expect(Self.write(&receiver).isEmpty)
    receiver.note(1, ssrc: 3, bytes: 1000, arrival: .seconds(1))
    #expect(receiver.nextDeadline == .seconds(1) + TransportReceiver.intervals.lowerBound)
  }

  @Test("A leap of the numbers or a flood of packets stays within one datagram")
  func bounded() {
    var receiver = TransportReceiver()
    receiver.note(1, ssrc: 3, bytes: 1000, arrival: .seconds(1))
    _ = Self.write(&receiver)
    for index in 0..<1000 {
      let arrival = MediaTime.seconds(1) + .milliseconds(Int64(index) * 90)
      receiver.note(UInt16(20_000 + index * 5), ssrc: 3, bytes: 1000, arrival: arrival)
    }
    let bytes = Self.write(&receiver)
    #expect(bytes.count > 100 && bytes.count <= 1200)
  }

  @Test("The sender counts each packet once, however often it is reported")
  func sender() {
    var sender = TransportSender()
    var receiver = TransportReceiver()
    for index in 0..<100 {
      let sequence = sender.takeNumber()
      sender.noteSent(1000 - TransportSender.overhead, number: sequence, now: .milliseconds(Int64(index)))
      if index % 10 != 5 { receiver.note(sequence, ssrc: 1, bytes: 1000, arrival: .milliseconds(Int64(index) + 20)) }
    }
    let bytes = Self.write(&receiver)
    for _ in 0..<3 {
      unsafe bytes.withUnsafeBytes { buffer in
        for case .transportFeedback(let report) in unsafe RTCPCompound(buffer) {
          sender.noteFeedback(report, now: .seconds(1))
        }
      }
    }
    #expect(sender.packetsAcknowledged == 90)
    #expect(sender.bytesAcknowledged == 90_000)
    #expect(sender.packetsLost == 10)
  }
}
