import Logging

extension APIError {
  /// What a caller is told, and the operator, unless it is only that the server stops.
  static func storeFailed(_ error: any Error, _ logger: Logger) -> APIError {
    if !(error is CancellationError) { logger.error("The store failed.", metadata: ["error": "\(error)"]) }
    return .internalFault
  }
}
