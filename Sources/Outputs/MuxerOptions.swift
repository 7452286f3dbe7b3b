import CAVFormat

/// The options of libavformat's protocols and muxers for one destination. Its maker calls `free`.
@unsafe struct MuxerOptions {
  var dictionary: OpaquePointer?

  init(_ destination: OutputDestination) {
    if destination.kind == .rtmp {
      // A live stream has no end to write the length of, and the connection cannot seek back to do so.
      unsafe set("flvflags", "no_duration_filesize")
      // A frame must not wait for the acknowledgement of the one before.
      unsafe set("tcp_nodelay", "1")
      // For rtmps: the stream key goes to nobody but the named server.
      unsafe set("tls_verify", "1")
      if let name = destination.tcURL { unsafe set("rtmp_tcurl", name) }
    }
    if destination.isFragmented {
      // One piece a key frame. The head is written with the first piece: only then it is known where sound and pictures
      // begin, and the edit lists say so; a head written before would move the one against the other.
      unsafe set("movflags", "frag_keyframe+delay_moov+default_base_moof")
    }
  }

  mutating func free() { unsafe av_dict_free(&dictionary) }

  private mutating func set(_ name: String, _ value: String) { unsafe av_dict_set(&dictionary, name, value, 0) }
}
