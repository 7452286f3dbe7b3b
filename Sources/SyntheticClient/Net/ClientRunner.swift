import Transport

/// Starting and stopping, the same for every role.
enum ClientRunner {
  /// Starts the thread, exchanges offer and answer and waits for the connection. When anything fails, nothing is left
  /// running.
  static func start<Role: ClientRole & ~Copyable & SendableMetatype>(
    _ name: String, control: ClientControl, localAddress: SocketAddress,
    role: @escaping @Sendable () throws(SyntheticClientError) -> Role,
    exchange: @Sendable (_ offer: String) async throws -> String
  ) async throws {
    let isFirst = control.update { state in
      guard state.phase == .idle, !state.isStopping else { return false }
      state.phase = .starting
      return true
    }
    guard isFirst else { throw SyntheticClientError.alreadyUsed }
    try run(name, control: control, localAddress: localAddress, role: role)
    let offer = try await control.value { Self.outcome($0) { $0.offer } }.get()
    do {
      let answer = try await exchange(offer)
      control.update { $0.answer = answer }
    } catch {
      await stop(control, saysGoodbye: false)
      throw error
    }
    _ = try await control.value { Self.outcome($0) { $0.phase == .connected ? true : nil } }.get()
  }

  static func stop(_ control: ClientControl, saysGoodbye: Bool) async {
    control.update { state in
      state.isStopping = true
      state.saysGoodbye = saysGoodbye
      if state.phase == .idle { state.phase = .ended(nil) }
    }
    _ = await control.value { state in
      if case .ended = state.phase { true } else { nil }
    }
  }

  private static func run<Role: ClientRole & ~Copyable & SendableMetatype>(
    _ name: String, control: ClientControl, localAddress: SocketAddress,
    role: @escaping @Sendable () throws(SyntheticClientError) -> Role
  ) throws(SyntheticClientError) {
    try ClientThread.start(name) {
      var end: SyntheticClientError?
      do throws(SyntheticClientError) {
        var loop = try ClientLoop(role: try role(), control: control, localAddress: localAddress)
        end = loop.run()
      } catch {
        end = error
      }
      control.update { $0.phase = .ended(end) }
    }
  }

  /// What `wanted` finds, or the error the client has ended with.
  private static func outcome<Value>(
    _ state: ClientControl.State, _ wanted: (ClientControl.State) -> Value?
  ) -> Result<Value, SyntheticClientError>? {
    if case .ended(let error) = state.phase { return .failure(error ?? .closed(.closedLocally)) }
    return wanted(state).map { .success($0) }
  }
}
