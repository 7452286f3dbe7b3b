/// Keeps the filters of the geometries in use, so that a steady scene builds none.
package struct FilterCache: Sendable {
  private struct Entry {
    var filter: AxisFilter
    var lastUse: Int
  }

  private let capacity: Int
  private var entries: [Entry] = []
  private var uses = 0

  /// - Parameter capacity: enough for 16 layers of different geometry: two axes, luma and chroma.
  package init(capacity: Int = 64) {
    self.capacity = capacity
    entries.reserveCapacity(capacity)
  }

  package mutating func filter(from sourceLength: Int, to length: Int) -> AxisFilter {
    uses &+= 1
    if let index = entries.firstIndex(where: { $0.filter.sourceLength == sourceLength && $0.filter.length == length }) {
      entries[index].lastUse = uses
      return entries[index].filter
    }
    let filter = AxisFilter(from: sourceLength, to: length)
    if entries.count == capacity, let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse }) {
      entries.remove(at: oldest)
    }
    entries.append(Entry(filter: filter, lastUse: uses))
    return filter
  }
}
