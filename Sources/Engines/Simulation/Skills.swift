/// The skills of a line, and who has them.
struct Skills: Sendable {
  /// Skills by name.
  private(set) var index: [String: Int] = [:]
  /// By skill: the crews that have it, the least versatile first.
  private(set) var crews: [[Int]] = []

  init(_ line: LineSpec) {
    for skill in line.crews.flatMap(\.skills) where index[skill] == nil { index[skill] = index.count }
    crews = [[Int]](repeating: [], count: index.count)
    let order = line.crews.indices.sorted { (line.crews[$0].skills.count, $0) < (line.crews[$1].skills.count, $1) }
    for crew in order {
      for skill in line.crews[crew].skills where !crews[index[skill]!].contains(crew) { crews[index[skill]!].append(crew) }
    }
  }
}
