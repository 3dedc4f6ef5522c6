/// Which number a tag has. Numbers are given in order of registration.
struct SeriesTable: Sendable {
  private(set) var names: [String] = []
  private var numbers: [String: UInt32] = [:]

  var count: Int { names.count }

  func find(_ tag: String) -> SeriesID? { numbers[tag].map(SeriesID.init(index:)) }

  mutating func register(_ tag: String) -> SeriesID {
    if let known = find(tag) { return known }
    let id = SeriesID(index: UInt32(names.count))
    names.append(tag)
    numbers[tag] = id.index
    return id
  }
}
