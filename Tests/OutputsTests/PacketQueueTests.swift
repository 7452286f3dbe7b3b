import MixCore
import Outputs
import Testing

@Suite("Packet queue")
struct PacketQueueTests {
  func drain(_ queue: inout PacketQueue) -> [EncodedPacket] {
    var packets: [EncodedPacket] = []
    while let packet = queue.pop() { packets.append(packet) }
    return packets
  }

  @Test("gives packets in the order of their arrival, from the first key frame on")
  func order() {
    var queue = PacketQueue()
    queue.push(TestMedia.audio(0))
    queue.push(TestMedia.video(0))
    for index in 1...3 {
      queue.push(TestMedia.video(index, isKeyFrame: index == 1))
      queue.push(TestMedia.audio(index))
    }
    #expect(queue.dropped == 2 && !queue.hasOverflowed)
    #expect(drain(&queue).map(\.isVideo) == [true, false, true, false, true, false])
  }

  @Test("drops pictures up to the next key frame when two seconds are exceeded, and no sound")
  func overflow() {
    var queue = PacketQueue()
    for index in 0...60 {
      queue.push(TestMedia.video(index, isKeyFrame: index % 45 == 0))
      if index < 60 { queue.push(TestMedia.audio(index)) }
    }
    let packets = drain(&queue)
    #expect(packets.first(where: \.isVideo)?.time == MediaTime(count: 45, rate: 30))
    #expect(packets.first(where: \.isVideo)?.isKeyFrame == true)
    #expect(packets.filter { !$0.isVideo }.count == 60)
    #expect(queue.dropped == 45 && queue.hasOverflowed)
  }

  @Test("waits for a key frame when none was left")
  func waitsForKeyFrame() {
    var queue = PacketQueue()
    for index in 0..<70 { queue.push(TestMedia.video(index, isKeyFrame: index == 0)) }
    #expect(queue.awaitsKeyFrame && queue.isEmpty)
    queue.push(TestMedia.video(70, isKeyFrame: true))
    queue.push(TestMedia.video(71))
    #expect(!queue.awaitsKeyFrame)
    #expect(drain(&queue).map(\.time) == [70, 71].map { MediaTime(count: $0, rate: 30) })
    #expect(queue.dropped == 70)
  }

  @Test("never holds more than its bounds, however long a destination stands still")
  func bounded() {
    var queue = PacketQueue(largest: 100_000)
    for index in 0..<3000 {
      queue.push(TestMedia.video(index, isKeyFrame: index % 60 == 0, bytes: 4000))
      queue.push(TestMedia.audio(index))
      #expect(queue.count <= 25 + 95)
    }
    let sound = drain(&queue).filter { !$0.isVideo }
    #expect(sound.count > 80)
  }

  @Test("forgets everything for a destination that starts anew")
  func restart() {
    var queue = PacketQueue()
    queue.push(TestMedia.video(0, isKeyFrame: true))
    queue.restart()
    queue.push(TestMedia.video(1))
    queue.push(TestMedia.audio(1))
    #expect(queue.isEmpty && queue.dropped == 3)
  }
}
