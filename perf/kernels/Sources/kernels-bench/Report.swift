import Foundation

struct Report {
  let measurements: [Measurement]
  let composeMicroseconds: Double

  func printTable() {
    print(row("luma plane", "ours", "libyuv", "ratio"))
    for one in measurements {
      print(row(one.name, format(one.ours) + " µs", format(one.libyuv) + " µs", format(one.ratio) + " ×"))
    }
    print("compose 1280×720, one host and one tile of 320×180: \(format(composeMicroseconds)) µs")
  }

  func write(to path: String) throws {
    let kernels = measurements.map {
      ["name": $0.name, "ours_us": $0.ours, "libyuv_us": $0.libyuv, "ratio": $0.ratio] as [String: Any]
    }
    let object = ["kernels": kernels, "compose_us": composeMicroseconds] as [String: Any]
    let data = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    try data.write(to: URL(fileURLWithPath: path))
  }

  private func format(_ value: Double) -> String { String(format: "%.2f", value) }

  private func row(_ name: String, _ ours: String, _ libyuv: String, _ ratio: String) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return name + String(repeating: " ", count: max(0, 42 - name.count)) + right(ours, 11) + right(libyuv, 11)
      + right(ratio, 9)
  }
}
