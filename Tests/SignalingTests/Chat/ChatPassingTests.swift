import Signaling
import Testing

@Suite struct ChatPassingTests {
  @Test("The first who comes is told at once, the others together every two seconds, with three names")
  func coalescing() {
    var chat = ChatRoom()
    chat.entered(Cast.bob, at: .zero)
    #expect(chat.advance(to: .zero).audiences == chat.audience(["Bob"], 1, 0))
    for number in 0..<12 { chat.entered(Cast.viewer(number).person, at: .seconds(0.5)) }
    chat.left("bob", at: .seconds(1))
    #expect(chat.nextDeadline == .seconds(2))
    #expect(chat.advance(to: .seconds(1.9)).isEmpty)
    #expect(chat.advance(to: .seconds(2)).audiences == chat.audience(["V0", "V1", "V2"], 12, 1))
    #expect(chat.nextDeadline == nil)
  }

  @Test("Who goes and comes again, or looks in for a moment, is not mentioned")
  func reload() {
    var chat = ChatRoom()
    chat.entered(Cast.bob, at: .zero)
    _ = chat.advance(to: .zero)
    chat.left("bob", at: .seconds(1))
    chat.entered(Cast.bob, at: .seconds(1.2))
    chat.entered(Cast.eve, at: .seconds(1.3))
    chat.left("eve", at: .seconds(1.4))
    #expect(chat.advance(to: .seconds(2)).isEmpty)
    #expect(chat.nextDeadline == nil)
  }
}

extension ChatRoom {
  fileprivate func audience(_ entered: [String], _ count: Int, _ left: Int) -> [AudienceNews] {
    [AudienceNews(entered: entered, enteredCount: count, left: left)]
  }
}
