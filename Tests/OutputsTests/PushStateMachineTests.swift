import MixCore
import Outputs
import Testing

@Suite("Push state machine")
struct PushStateMachineTests {
  let lost = OutputError.connectionLost("end")

  @Test("backs off 1, 2, 4, 8, 16 and then every 30 seconds")
  func backOff() {
    var machine = PushStateMachine(retries: true)
    var now = MediaTime.seconds(100)
    var action = machine.start(at: now)
    var delays: [Double] = []
    for _ in 0..<8 {
      #expect(action == .connect(deadline: now + .seconds(10)))
      guard case .wait(let until) = machine.failed(.unreachable("nobody"), at: now) else { break }
      delays.append((until - now).seconds)
      now = until
      action = machine.timer(at: now)
    }
    #expect(delays == [1, 2, 4, 8, 16, 30, 30, 30])
  }

  @Test("starts with the shortest delay again after a connection that lasted, and only then")
  func resetsAfterSuccess() {
    var machine = PushStateMachine(retries: true)
    _ = machine.start(at: .zero)
    _ = machine.failed(.timedOut, at: .zero)
    _ = machine.timer(at: .seconds(1))
    #expect(machine.connected(at: .seconds(2)) == .send)
    #expect(machine.failed(lost, at: .seconds(3)) == .wait(until: .seconds(5)))
    #expect(machine.state == .retrying(lost))
    _ = machine.timer(at: .seconds(5))
    _ = machine.connected(at: .seconds(5))
    #expect(machine.failed(lost, at: .seconds(60)) == .wait(until: .seconds(61)))
  }

  @Test("gives up at once where no further attempt can do better")
  func permanent() {
    var push = PushStateMachine(retries: true)
    _ = push.start(at: .zero)
    #expect(push.failed(.schemeUnsupported("ftp"), at: .zero) == .end)
    #expect(push.state == .failed(.schemeUnsupported("ftp")))
    var file = PushStateMachine(retries: false)
    _ = file.start(at: .zero)
    _ = file.connected(at: .zero)
    #expect(file.failed(.io("broken"), at: .zero) == .end)
    #expect(file.timer(at: .seconds(9)) == .end)
  }

  @Test("gives up when the server refuses for a minute, by a word or by closing the connection at once")
  func refused() {
    var machine = PushStateMachine(retries: true)
    var now = MediaTime.zero
    _ = machine.start(at: now)
    for attempt in 0..<6 {
      if attempt % 2 == 0 { _ = machine.connected(at: now) }
      guard case .wait(let until) = machine.failed(attempt % 2 == 0 ? lost : .refused("no"), at: now) else { break }
      now = until
      _ = machine.timer(at: now)
    }
    #expect(machine.state == .connecting && now >= .seconds(60))
    #expect(machine.failed(.refused("no"), at: now) == .end)
    #expect(machine.state == .failed(.refused("no")))
  }

  @Test("stays stopped")
  func stopped() {
    var machine = PushStateMachine(retries: true)
    _ = machine.start(at: .zero)
    #expect(machine.stop() == .end)
    #expect(machine.connected(at: .zero) == .end)
    #expect(machine.failed(lost, at: .zero) == .end)
    #expect(machine.state == .stopped)
  }
}
