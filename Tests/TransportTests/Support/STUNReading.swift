@testable import Transport

// Spans cannot pass through the testing macros; these can be called inside them.

func read(_ datagram: [UInt8]) throws(STUNError) -> STUNMessage { try STUNMessage(datagram.span) }

func isValid(_ message: STUNMessage, in datagram: [UInt8], password: [UInt8]) -> Bool {
  STUNIntegrity.isValid(message, in: datagram.span, password: password)
}
