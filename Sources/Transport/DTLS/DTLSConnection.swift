import COpenSSL
import MixCore

/// One DTLS 1.2 connection over memory, whose only purpose is the keys of SRTP (RFC 5764).
///
/// Datagrams go in by `receive`, come out in `outgoing`; time comes in as an argument. Lost flights are sent again on the
/// caller's clock, unchanged: a receiver ignores records it has had (RFC 6347 §4.1.2.6) and takes those it has missed.
@safe struct DTLSConnection: ~Copyable {
  enum State: Equatable {
    case handshaking
    /// The peer's certificate is the announced one.
    case connected
    case closed(CloseReason)
  }

  private(set) var state = State.handshaking
  /// Datagrams to be sent, in order; the owner takes them.
  private(set) var outgoing: [[UInt8]] = []

  let isClient: Bool
  private let expected: CertificateFingerprint
  private var retransmission = DTLSRetransmission()
  private var deadline = MediaTime.distantFuture
  @unsafe private let ssl: OpaquePointer
  /// Both are owned by `ssl`.
  @unsafe private let input: OpaquePointer
  @unsafe private let output: OpaquePointer

  private static let handshakeTimeout = MediaTime.seconds(30)
  private static let maximumOutgoing = 64

  init(identity: DTLSIdentity, isClient: Bool, expecting fingerprint: CertificateFingerprint) throws(TransportError) {
    guard let ssl = unsafe identity.makeConnection() else { throw .dtlsFailed }
    guard let input = unsafe BIO_new(BIO_s_mem()) else {
      unsafe SSL_free(ssl)
      throw .dtlsFailed
    }
    guard let output = unsafe BIO_new(BIO_s_mem()) else {
      unsafe BIO_free(input)
      unsafe SSL_free(ssl)
      throw .dtlsFailed
    }
    unsafe openssl_bio_set_retry_when_empty(input)
    unsafe openssl_bio_set_retry_when_empty(output)
    unsafe SSL_set_bio(ssl, input, output)
    unsafe openssl_set_mtu(ssl, DTLSRecords.maximumDatagram)
    unsafe openssl_use_slow_timer(ssl)
    if isClient { unsafe SSL_set_connect_state(ssl) } else { unsafe SSL_set_accept_state(ssl) }
    self.isClient = isClient
    expected = fingerprint
    unsafe self.ssl = unsafe ssl
    unsafe self.input = unsafe input
    unsafe self.output = unsafe output
  }

  deinit { unsafe SSL_free(ssl) }

  var nextDeadline: MediaTime {
    state == .handshaking ? min(deadline, retransmission.nextDeadline) : .distantFuture
  }

  /// Sends the first flight of a client; a server only begins to count its time.
  mutating func start(now: MediaTime) {
    guard state == .handshaking, deadline == .distantFuture else { return }
    deadline = now + Self.handshakeTimeout
    if isClient {
      continueHandshake()
      sendOutput(now: now)
    }
  }

  mutating func receive(_ datagram: UnsafeRawBufferPointer, now: MediaTime) {
    if case .closed = state { return }
    start(now: now)
    ERR_clear_error()
    guard unsafe BIO_write(input, datagram.baseAddress, Int32(truncatingIfNeeded: datagram.count)) > 0 else { return }
    if state == .handshaking { continueHandshake() }
    if state == .connected { readRecords() }
    unsafe openssl_bio_discard(input)
    let hasAnswered = sendOutput(now: now)
    if state == .connected, !hasAnswered, unsafe DTLSRecords.isHandshake(Span(_unsafeBytes: datagram)) {
      send(retransmission.answerToRepetition(now: now))
    }
  }

  mutating func advance(to now: MediaTime) {
    guard state == .handshaking else { return }
    if now >= deadline {
      state = .closed(.handshakeTimeout)
    } else if retransmission.isDue(now) {
      retransmit(now: now)
    }
  }

  /// The peer has our last flight: it sends what it could not have protected without it.
  mutating func confirm() { retransmission.stop() }

  mutating func takeOutgoing() -> [[UInt8]] {
    defer { outgoing.removeAll(keepingCapacity: true) }
    return outgoing
  }

  /// Says goodbye to the peer.
  mutating func close(now: MediaTime) {
    if state == .connected {
      ERR_clear_error()
      unsafe SSL_shutdown(ssl)
      sendOutput(now: now)
    }
    state = .closed(.closedLocally)
  }

  /// The keys for SRTP; `nil` unless the handshake is complete, the certificate is right and a profile was agreed.
  func exportKeys() -> SRTPKeys? {
    guard state == .connected, let selected = unsafe SSL_get_selected_srtp_profile(ssl),
      let profile = unsafe SRTPProfile(rawValue: selected.pointee.id)
    else { return nil }
    var material = [UInt8](repeating: 0, count: SRTPKeys.exportedLength(profile))
    let label = "EXTRACTOR-dtls_srtp"
    let result = unsafe material.withUnsafeMutableBufferPointer { material in
      unsafe SSL_export_keying_material(
        ssl, material.baseAddress, material.count, label, label.utf8.count, nil, 0, 0)
    }
    return result == 1 ? SRTPKeys(profile: profile, exported: material) : nil
  }

  private mutating func continueHandshake() {
    ERR_clear_error()
    let result = unsafe SSL_do_handshake(ssl)
    if result == 1 {
      if isPeerExpected {
        state = .connected
        if isClient { retransmission.stop() }
      } else {
        state = .closed(.fingerprintMismatch)
      }
    } else if !isWaiting(result) {
      state = .closed(.handshakeFailed)
    }
  }

  private var isPeerExpected: Bool {
    guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return false }
    defer { unsafe X509_free(certificate) }
    return unsafe CertificateFingerprint(of: certificate) == expected
  }

  /// Lets OpenSSL see alerts. Application data is not used in DTLS-SRTP and is thrown away.
  private mutating func readRecords() {
    unsafe withUnsafeTemporaryAllocation(byteCount: 2048, alignment: 8) { scratch in
      // A datagram of 1500 bytes holds no more records than this.
      for _ in 0..<128 {
        let result = unsafe SSL_read(ssl, scratch.baseAddress, Int32(scratch.count))
        if result > 0 { continue }
        if !isWaiting(result) { state = .closed(.closedByPeer) }
        return
      }
    }
  }

  private func isWaiting(_ result: Int32) -> Bool {
    let error = unsafe SSL_get_error(ssl, result)
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
  }

  private mutating func retransmit(now: MediaTime) {
    ERR_clear_error()
    // On a live clock OpenSSL's own timer fires too, seldom; it writes the flight anew, which helps with peers that
    // answer to no repeated record.
    if unsafe openssl_handle_dtls_timeout(ssl) < 0 {
      state = .closed(.handshakeFailed)
    } else if !sendOutput(now: now) {
      send(retransmission.repeatFlight(now: now))
    }
  }

  /// Moves what OpenSSL wrote to `outgoing`; it is the flight to repeat from now on.
  @discardableResult
  private mutating func sendOutput(now: MediaTime) -> Bool {
    let count = Int(unsafe openssl_bio_pending(output))
    guard count > 0 else { return false }
    var records = [UInt8](repeating: 0, count: count)
    let read = unsafe records.withUnsafeMutableBytes { unsafe BIO_read(output, $0.baseAddress, Int32(count)) }
    records.removeLast(count - max(0, Int(read)))
    let flight = DTLSRecords.datagrams(of: records)
    retransmission.begin(flight, now: now)
    send(flight)
    return true
  }

  private mutating func send(_ datagrams: [[UInt8]]) {
    outgoing += datagrams.prefix(Self.maximumOutgoing - outgoing.count)
  }
}
