@testable import MixCore

/// Gives packets to a playout buffer and plays it. Each is preceded by its size, by how far its number and its time go
/// ahead or back of what follows the one before, and by how many tenths of a second pass before it.
func fuzzSound(_ input: [UInt8]) {
  guard var playout = try? AudioPlayout() else { return }
  var block = AudioBlock()
  var now = MediaTime.zero
  var (sequence, timestamp) = (Int64(0), Int64(0))
  var place = 0
  while place + 4 <= input.count {
    let end = min(place + 4 + Int(input[place]), input.count)
    sequence &+= 1 + Int64(Int8(bitPattern: input[place + 1]) / 8)
    timestamp &+= 960 + Int64(Int8(bitPattern: input[place + 2])) * 60
    playout.insert(
      payload: Array(input[(place + 4)..<end]), sequence: sequence, timestamp: timestamp, arrival: now,
      captureTime: now)
    // Mostly the two ticks between two packets.
    for _ in 0..<(input[place + 3] < 250 ? 2 : 10) {
      playout.pull(into: &block, now: now)
      precondition(block.values.allSatisfy { $0.isFinite })
      now += .milliseconds(10)
    }
    place = end
  }
}
