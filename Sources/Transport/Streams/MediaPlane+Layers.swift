import MixCore

/// Which layer of a received section is shown: the one before goes on until a key frame of the new one is there.
struct LayerSelection: Sendable {
  /// Whose frames are delivered; `nil` before the first key frame.
  var current: Int?
  /// `nil` if nothing is wanted.
  var target: Int?
}

extension MediaPlane {
  func receiver(of media: Int, layer: Int = 0) -> Int? {
    receivers.firstIndex { $0.index == media && $0.layer == layer }
  }

  mutating func selectLayer(media: Int, layer: Int?, now: MediaTime) {
    guard selections.indices.contains(media), layer.map({ receiver(of: media, layer: $0) != nil }) ?? true else {
      return
    }
    let old = selections[media]
    guard old.target != layer else { return }
    selections[media].target = layer
    if let target = old.target, target != old.current { setSelected(false, media: media, layer: target, now: now) }
    if let layer {
      setSelected(true, media: media, layer: layer, now: now)
    } else {
      if let current = old.current { setSelected(false, media: media, layer: current, now: now) }
      selections[media].current = nil
    }
  }

  private mutating func setSelected(_ isSelected: Bool, media: Int, layer: Int, now: MediaTime) {
    if let index = receiver(of: media, layer: layer) { receivers[index].select(isSelected, now: now) }
  }

  /// Receiver `index` has delivered frames: if it was waited for, the one before ends.
  mutating func noteDelivery(of index: Int, now: MediaTime) {
    let (media, layer) = (receivers[index].index, receivers[index].layer)
    let selection = selections[media]
    guard selection.target == layer, selection.current != layer else { return }
    if let current = selection.current { setSelected(false, media: media, layer: current, now: now) }
    selections[media].current = layer
  }

  func layerStates(media: Int, now: MediaTime) -> [LayerState] {
    receivers.filter { $0.index == media }.map { stream in
      stream.activity.state(
        rid: stream.media.layers.indices.contains(stream.layer) ? stream.media.layers[stream.layer] : "", now: now)
    }
  }

  mutating func setForwarding(_ layers: Set<Int>, media: Int) {
    for index in receivers.indices where receivers[index].index == media {
      receivers[index].isForwarded = layers.contains(receivers[index].layer)
    }
  }

  /// Of the layer that is shown, or will be.
  mutating func requestKeyFrame(media: Int, now: MediaTime) {
    let target = selections.indices.contains(media) ? selections[media].target : nil
    requestKeyFrame(media: media, layer: target ?? 0, now: now)
  }

  mutating func requestKeyFrame(media: Int, layer: Int, now: MediaTime) {
    if let index = receiver(of: media, layer: layer) { receivers[index].requestKeyFrame(now: now) }
  }

  // MARK: Statistics

  func statistics(media: Int) -> MediaStatistics {
    guard receiver(of: media) != nil else {
      return sender(of: media).map { senders[$0].statistics } ?? MediaStatistics()
    }
    var sum = MediaStatistics()
    for stream in receivers where stream.index == media { sum.addReceived(stream.statistics) }
    return sum
  }
}

extension MediaStatistics {
  /// Adds what another layer received; the jitter is that of the worst.
  fileprivate mutating func addReceived(_ other: MediaStatistics) {
    packetsReceived &+= other.packetsReceived
    bytesReceived &+= other.bytesReceived
    packetsLost &+= other.packetsLost
    packetsDuplicated &+= other.packetsDuplicated
    packetsDiscarded &+= other.packetsDiscarded
    packetsRecovered &+= other.packetsRecovered
    jitter = max(jitter, other.jitter)
    framesReceived &+= other.framesReceived
    keyFramesReceived &+= other.keyFramesReceived
    framesDropped &+= other.framesDropped
    nacksSent &+= other.nacksSent
    keyFramesRequested &+= other.keyFramesRequested
  }
}
