public import MixCore

/// Decrypted RTP of one session on its way to other sessions; the driver drains it after every input.
public struct ForwardQueue: Sendable {
  public struct Packet: Sendable {
    /// Index of the section it was received on.
    public var media: Int
    /// The simulcast layer it is of; 0 without simulcast.
    public var layer = 0
    /// Source, to notice when the sender starts anew.
    public var ssrc: UInt32
    public var sequence: UInt16
    public var timestamp: UInt32
    public var marker: Bool
    public var payloadOffset: Int
    /// 0 for padding, which is forwarded empty so that no viewer misses its sequence number.
    public var payloadLength: Int
    /// Where the newest packet begins in a payload with redundancy (RFC 2198); `nil` for a payload of one packet.
    public var primaryOffset: Int?
    public var arrival: MediaTime
    /// Estimated capture instant on the local clock.
    public var captureTime: MediaTime
    public var audioLevel: UInt8?
    /// The first packet of a key frame, of H.264 with the parameter sets in front of it.
    public var isKeyFrameStart: Bool
    /// Was here before: it comes again, behind the start of its key frame, for those who have refused it as they wait for
    /// one.
    public var isRepeated = false
    /// Where a key frame begins: of its picture, as the parameter sets in front may have a timestamp of their own.
    public var pictureTimestamp: UInt32?
    /// A stream goes on with it behind what was refused: its numbers follow the last ones that were sent before it.
    var resumes = false
    /// What VP8 counts in the payload, to be continued when a viewer changes the layer.
    public var vp8: VP8Numbers?
  }

  public private(set) var packets: [Packet] = []
  public private(set) var bytes: [UInt8] = []
  /// Packets refused because nobody drained the queue.
  public private(set) var dropped: UInt64 = 0
  public var isEnabled = false

  /// Twice what one datagram can release; only a driver that forgets to drain meets it.
  private static let capacity = 1024

  public init() {}

  /// Keeps its memory.
  public mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Adds a packet; `payloadOffset` and `payloadLength` are set here.
  mutating func append(_ packet: Packet, payload: UnsafeRawBufferPointer) {
    guard isEnabled else { return }
    guard packets.count < Self.capacity else {
      dropped &+= 1
      return
    }
    var packet = packet
    packet.payloadOffset = bytes.count
    packet.payloadLength = payload.count
    unsafe bytes.append(contentsOf: payload)
    packets.append(packet)
  }
}
