import Foundation
import HTTPTypes
import NIOCore

/// JSON in and out of byte buffers.
enum JSON {
  static func encode(_ value: some Encodable) throws -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return ByteBuffer(bytes: try encoder.encode(value))
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) throws(APIError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
    } catch let error as DecodingError {
      throw APIError(.badRequest, "json.malformed", error.explanation)
    } catch let error as APIError {
      throw error
    } catch {
      throw APIError(.badRequest, "json.malformed", "The body is not JSON.")
    }
  }
}

extension DecodingError {
  /// Which field is wrong, in a sentence that quotes nothing of the input.
  fileprivate var explanation: String {
    switch self {
    case .typeMismatch(_, let context) where context.codingPath.isEmpty,
      .valueNotFound(_, let context) where context.codingPath.isEmpty:
      "A JSON object is needed."
    case .keyNotFound(let key, _): "The field \"\(key.stringValue)\" is missing."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "The field \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type."
    default: "The body is not the JSON expected here."
    }
  }
}
