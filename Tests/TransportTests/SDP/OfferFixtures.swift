/// Offers in the form each client makes them; addresses, names and keys are made up.
enum OfferFixtures {
  static let fingerprint = (0..<32).map { _ in "A7" }.joined(separator: ":")

  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") + "\r\n"
  }

  private static let extensions = """
    a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
    a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
    a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
    """

  private static let chromiumTransport = """
    a=rtcp:9 IN IP4 0.0.0.0
    a=ice-ufrag:Ab+3
    a=ice-pwd:kq8sFh3vZbX2mW5nR7tY9uJ1
    a=ice-options:trickle
    a=fingerprint:sha-256 \(fingerprint)
    a=setup:actpass
    """

  private static let chromiumVideoCodecs = """
    a=rtpmap:96 VP8/90000
    a=rtcp-fb:96 goog-remb
    a=rtcp-fb:96 transport-cc
    a=rtcp-fb:96 ccm fir
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    a=rtpmap:103 H264/90000
    a=rtcp-fb:103 nack
    a=rtcp-fb:103 nack pli
    a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
    a=rtpmap:104 rtx/90000
    a=fmtp:104 apt=103
    a=rtpmap:107 H264/90000
    a=rtcp-fb:107 nack
    a=fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f
    a=rtpmap:109 H264/90000
    a=rtcp-fb:109 nack
    a=rtcp-fb:109 nack pli
    a=rtcp-fb:109 transport-cc
    a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
    a=rtpmap:115 H264/90000
    a=rtcp-fb:115 nack
    a=fmtp:115 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f
    a=rtpmap:116 rtx/90000
    a=fmtp:116 apt=115
    a=rtpmap:45 AV1/90000
    a=fmtp:45 level-idx=5;profile=0;tier=0
    a=rtpmap:98 VP9/90000
    a=fmtp:98 profile-id=0
    a=rtpmap:120 red/90000
    a=rtpmap:121 ulpfec/90000
    """

  static func chromium(direction: String, recvOnly: Bool = false) -> String {
    lines(
      """
      v=0
      o=- 4611731400430051336 2 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE 0 1
      a=extmap-allow-mixed
      a=msid-semantic: WMS
      m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
      c=IN IP4 0.0.0.0
      \(chromiumTransport)
      a=mid:0
      a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
      \(extensions)
      a=\(direction)
      \(recvOnly ? "a=x-none" : "a=msid:cam mic\na=ssrc:1111 cname:abc\na=ssrc:1111 msid:cam mic")
      a=rtcp-mux
      a=rtcp-rsize
      a=rtpmap:111 opus/48000/2
      a=rtcp-fb:111 transport-cc
      a=fmtp:111 minptime=10;useinbandfec=1
      a=rtpmap:63 red/48000/2
      a=fmtp:63 111/111
      a=rtpmap:9 G722/8000
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:13 CN/8000
      a=rtpmap:110 telephone-event/48000
      a=rtpmap:126 telephone-event/8000
      m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 107 109 115 116 45 98 120 121
      c=IN IP4 0.0.0.0
      \(chromiumTransport)
      a=mid:1
      a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
      \(extensions)
      a=extmap:13 urn:3gpp:video-orientation
      a=\(direction)
      \(recvOnly ? "a=x-none" : "a=msid:cam video\na=ssrc-group:FID 2222 3333\na=ssrc:2222 cname:abc\na=ssrc:3333 cname:abc")
      a=rtcp-mux
      a=rtcp-rsize
      \(chromiumVideoCodecs)
      """)
  }

  /// Debian's build has no H.264 for WebRTC.
  static func firefox(direction: String) -> String {
    lines(
      """
      v=0
      o=mozilla...THIS_IS_SDPARTA-99.0 5223283214721133567 0 IN IP4 0.0.0.0
      s=-
      t=0 0
      a=fingerprint:sha-256 \(fingerprint)
      a=group:BUNDLE 0 1
      a=ice-options:trickle
      a=msid-semantic:WMS *
      m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
      c=IN IP4 0.0.0.0
      a=\(direction)
      a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
      a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
      a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
      a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
      a=fmtp:101 0-15
      a=ice-pwd:0f7bd1ae5c5b0e2c8e5d2a0b1c9d8e7f
      a=ice-ufrag:e1d2c3b4
      a=mid:0
      a=rtcp-mux
      a=rtpmap:109 opus/48000/2
      a=rtpmap:9 G722/8000/1
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000/1
      a=setup:actpass
      a=ssrc:424242 cname:{7f3a}
      m=video 9 UDP/TLS/RTP/SAVPF 120 124 121 125
      c=IN IP4 0.0.0.0
      a=\(direction)
      a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
      a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
      a=extmap:5 urn:ietf:params:rtp-hdrext:toffset
      a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
      a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
      a=fmtp:120 max-fs=12288;max-fr=60
      a=fmtp:124 apt=120
      a=fmtp:121 max-fs=12288;max-fr=60
      a=fmtp:125 apt=121
      a=ice-pwd:0f7bd1ae5c5b0e2c8e5d2a0b1c9d8e7f
      a=ice-ufrag:e1d2c3b4
      a=mid:1
      a=rtcp-fb:120 nack
      a=rtcp-fb:120 nack pli
      a=rtcp-fb:120 ccm fir
      a=rtcp-fb:120 goog-remb
      a=rtcp-fb:120 transport-cc
      a=rtcp-mux
      a=rtcp-rsize
      a=rtpmap:120 VP8/90000
      a=rtpmap:124 rtx/90000
      a=rtpmap:121 VP9/90000
      a=rtpmap:125 rtx/90000
      a=setup:actpass
      a=ssrc:535353 cname:{7f3a}
      a=ssrc-group:FID 535353 636363
      a=ssrc:636363 cname:{7f3a}
      """)
  }

  /// H.264 stands before VP8; a data channel comes along.
  static let safari = lines(
    """
    v=0
    o=- 7305184732107423405 2 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0 1 2
    a=extmap-allow-mixed
    a=msid-semantic: WMS 3c1e
    m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 100 101
    c=IN IP4 0.0.0.0
    \(chromiumTransport)
    a=mid:0
    \(extensions)
    a=sendonly
    a=msid:3c1e v
    a=rtcp-mux
    a=rtcp-rsize
    a=rtpmap:96 H264/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    a=rtpmap:98 H264/90000
    a=rtcp-fb:98 nack
    a=rtcp-fb:98 nack pli
    a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
    a=rtpmap:99 rtx/90000
    a=fmtp:99 apt=98
    a=rtpmap:100 VP8/90000
    a=rtcp-fb:100 nack
    a=rtpmap:101 rtx/90000
    a=fmtp:101 apt=100
    a=ssrc-group:FID 77 78
    a=ssrc:77 cname:s
    a=ssrc:78 cname:s
    m=audio 9 UDP/TLS/RTP/SAVPF 111
    c=IN IP4 0.0.0.0
    \(chromiumTransport)
    a=mid:1
    a=sendonly
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    a=fmtp:111 minptime=10;useinbandfec=1
    a=ssrc:79 cname:s
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel
    c=IN IP4 0.0.0.0
    \(chromiumTransport)
    a=mid:2
    a=sctp-port:5000
    """)

  static let obs = lines(
    """
    v=0
    o=rtc 3767197920 0 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0 1
    a=group:LS 0 1
    a=msid-semantic:WMS *
    a=setup:actpass
    a=ice-ufrag:obs1
    a=ice-pwd:aaaabbbbccccddddeeeeff
    a=ice-options:ice2,trickle
    a=fingerprint:sha-256 \(fingerprint)
    m=audio 60012 UDP/TLS/RTP/SAVPF 111
    c=IN IP4 192.0.2.7
    a=mid:0
    a=sendonly
    a=ssrc:9001 cname:obsaudio
    a=ssrc:9001 msid:obsstream obsstream-audio
    a=msid:obsstream obsstream-audio
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    a=fmtp:111 minptime=10;maxaveragebitrate=96000;stereo=1;sprop-stereo=1;useinbandfec=1
    a=candidate:1 1 UDP 2122317823 192.0.2.7 60012 typ host
    a=end-of-candidates
    m=video 60012 UDP/TLS/RTP/SAVPF 96
    c=IN IP4 192.0.2.7
    a=mid:1
    a=sendonly
    a=ssrc:9002 cname:obsvideo
    a=msid:obsstream obsstream-video
    a=rtcp-mux
    a=rtpmap:96 H264/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtcp-fb:96 goog-remb
    a=fmtp:96 profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1
    """)

  static let aiortc = lines(
    """
    v=0
    o=- 3990000000 3990000000 IN IP4 0.0.0.0
    s=-
    t=0 0
    a=group:BUNDLE 0 1
    a=msid-semantic:WMS *
    m=audio 40001 UDP/TLS/RTP/SAVPF 96 0 8
    c=IN IP4 192.0.2.9
    a=sendrecv
    a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level
    a=mid:0
    a=msid:6a1 71b
    a=rtcp:9 IN IP4 0.0.0.0
    a=rtcp-mux
    a=ssrc:3001 cname:4f
    a=rtpmap:96 opus/48000/2
    a=rtpmap:0 PCMU/8000
    a=rtpmap:8 PCMA/8000
    a=candidate:6b 1 udp 2130706431 192.0.2.9 40001 typ host
    a=candidate:7c 1 udp 1694498815 203.0.113.4 40001 typ srflx raddr 192.0.2.9 rport 40001
    a=end-of-candidates
    a=ice-ufrag:Zk4p
    a=ice-pwd:u7Xw2QeR5tYp9sLmN3vBc1
    a=fingerprint:sha-256 \(fingerprint)
    a=fingerprint:sha-384 00:11
    a=setup:actpass
    m=video 40001 UDP/TLS/RTP/SAVPF 97 98 99 100 101 102
    c=IN IP4 192.0.2.9
    a=sendrecv
    a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
    a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
    a=mid:1
    a=rtcp-mux
    a=ssrc-group:FID 3002 3003
    a=ssrc:3002 cname:4f
    a=ssrc:3003 cname:4f
    a=rtpmap:97 VP8/90000
    a=rtcp-fb:97 nack
    a=rtcp-fb:97 nack pli
    a=rtcp-fb:97 goog-remb
    a=rtpmap:98 rtx/90000
    a=fmtp:98 apt=97
    a=rtpmap:99 H264/90000
    a=rtcp-fb:99 nack
    a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
    a=rtpmap:100 rtx/90000
    a=fmtp:100 apt=99
    a=rtpmap:101 H264/90000
    a=fmtp:101 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
    a=rtpmap:102 rtx/90000
    a=fmtp:102 apt=101
    a=ice-ufrag:Zk4p
    a=ice-pwd:u7Xw2QeR5tYp9sLmN3vBc1
    a=fingerprint:sha-256 \(fingerprint)
    a=setup:actpass
    """)

  /// FFmpeg's whip muxer waits for the handshake itself.
  static let ffmpeg = lines(
    """
    v=0
    o=FFmpeg 4489045141692799359 2 IN IP4 127.0.0.1
    s=FFmpegPublishSession
    t=0 0
    a=group:BUNDLE 0 1
    a=extmap-allow-mixed
    a=msid-semantic: WMS
    m=audio 9 UDP/TLS/RTP/SAVPF 111
    c=IN IP4 0.0.0.0
    a=ice-ufrag:9f8e7d6c
    a=ice-pwd:0123456789abcdef0123456789abcdef
    a=fingerprint:sha-256 \(fingerprint)
    a=setup:passive
    a=mid:0
    a=sendonly
    a=msid:FFmpeg audio
    a=rtcp-mux
    a=rtpmap:111 opus/48000/2
    a=ssrc:501 cname:FFmpeg
    a=ssrc:501 msid:FFmpeg audio
    m=video 9 UDP/TLS/RTP/SAVPF 106
    c=IN IP4 0.0.0.0
    a=ice-ufrag:9f8e7d6c
    a=ice-pwd:0123456789abcdef0123456789abcdef
    a=fingerprint:sha-256 \(fingerprint)
    a=setup:passive
    a=mid:1
    a=sendonly
    a=msid:FFmpeg video
    a=rtcp-mux
    a=rtcp-rsize
    a=rtpmap:106 H264/90000
    a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
    a=ssrc:502 cname:FFmpeg
    """)

  static let all = [
    chromium(direction: "sendonly"), firefox(direction: "sendrecv"), safari, obs, aiortc, ffmpeg,
  ]
}
