import MediaControl
import MixCore
import Transport

/// Receiving no more than is shown.
extension NetLoop {
  /// The programme shows this publication in a rectangle of that size, or not at all.
  func decode(_ id: SessionID, for size: PixelSize?) {
    guard let session = sessions[id], case .publisher(_, _, let decoder) = session.kind else { return }
    session.shownSize = size
    decoder.setWanted(size != nil)
  }

  /// The receiver shows his source in a tile of another height.
  func setTileHeight(_ height: Int, of id: SessionID) -> Result<MediaReply, MediaError> {
    guard let session = sessions[id], let source = session.forwardedSource else { return .failure(.unknownSession) }
    session.tileHeight = min(max(height, 90), 1080)
    updateForwarding(of: source, in: session.room)
    return .success(.done)
  }
}
