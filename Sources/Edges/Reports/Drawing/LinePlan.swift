/// Where things stand on the drawing of a line: columns by the flow of parts, wrapped into rows that fit a page.
struct LinePlan {
  struct Box {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var middle: Double { y + height / 2 }
    var right: Double { x + width }
  }
  private(set) var stations: [String: Box] = [:]
  private(set) var buffers: [String: Box] = [:]
  private(set) var row: [String: Int] = [:]
  private(set) var width = 0.0
  private(set) var height = 0.0
  /// Station and buffer pairs that lead back.
  private(set) var back: Set<[String]> = []
  /// Below each row, room for flows that lead on to the next.
  private(set) var laneBelow: [Double] = []

  static let station = (width: 132.0, height: 96.0)
  static let buffer = (width: 30.0, height: 62.0)
  static let gap = 76.0
  static let margin = 6.0
  static let perRow = 5
  /// Room for sources at the left.
  static let lead = 48.0

  init(_ study: LineStudy) {
    let columns = Self.columns(study, &back)
    let place = Dictionary(uniqueKeysWithValues: columns.enumerated().flatMap { c, names in names.map { ($0, c) } })
    var gaps = [[String]](repeating: [], count: columns.count + 1)
    for buffer in study.buffers {
      let to = study.stations.filter { $0.inputs.contains(buffer.name) }.compactMap { place[$0.name] }
      let from = study.stations.filter { $0.outputs.contains(buffer.name) }.compactMap { place[$0.name].map { $0 + 1 } }
      gaps[to.min() ?? from.max() ?? 0].append(buffer.name)
    }
    let pitch = Self.station.width + Self.gap
    var top = Self.margin + 16
    var c = 0
    while c < columns.count {
      let row = c..<min(c + Self.perRow, columns.count)
      let last = row.upperBound == columns.count
      let tallest = row.map { Double(columns[$0].count) * (Self.station.height + 26) - 26 }.max() ?? 0
      let piled =
        (row.lowerBound...(last ? row.upperBound : row.upperBound - 1)).map { Double(gaps[$0].count) * (Self.buffer.height + 52) - 26 }.max() ?? 0
      let height = max(tallest, piled, Self.station.height)
      for column in row {
        let x = Self.lead + Self.gap + Double(column - row.lowerBound) * pitch
        let own = Double(columns[column].count) * (Self.station.height + 26) - 26
        for (i, name) in columns[column].enumerated() {
          stations[name] = Box(
            x: x, y: top + (height - own) / 2 + Double(i) * (Self.station.height + 26), width: Self.station.width, height: Self.station.height)
          self.row[name] = laneBelow.count
        }
      }
      for g in row.lowerBound...(last ? row.upperBound : row.upperBound - 1) {
        let x = Self.lead + Double(g - row.lowerBound) * pitch + (Self.gap - Self.buffer.width) / 2
        let own = Double(gaps[g].count) * (Self.buffer.height + 52) - 52
        for (i, name) in gaps[g].enumerated() {
          buffers[name] = Box(
            x: x, y: top + (height - own) / 2 + Double(i) * (Self.buffer.height + 52), width: Self.buffer.width, height: Self.buffer.height)
          self.row[name] = laneBelow.count
        }
      }
      top += height + 34
      laneBelow.append(top - 8)
      top += last ? (back.isEmpty ? 0 : 14) : 34
      c = row.upperBound
    }
    height = top
    width = Self.lead + Self.gap + Double(min(columns.count, Self.perRow)) * pitch + 24
  }

  /// Stations by the longest way from a first one; flows that close a circle do not count.
  private static func columns(_ study: LineStudy, _ back: inout Set<[String]>) -> [[String]] {
    let names = study.stations.map(\.name)
    // Parts that vehicles carry on come out where the way ends.
    let carried = Dictionary(uniqueKeysWithValues: study.buffers.map { ($0.name, $0.carriedTo) })
    func reached(_ buffers: [String]) -> [String] { buffers + buffers.flatMap { carried[$0] ?? [] } }
    let next = Dictionary(
      uniqueKeysWithValues: study.stations.map { station in
        let ends = Set(reached(station.outputs))
        return (station.name, study.stations.filter { taker in taker.inputs.contains(where: ends.contains) }.map(\.name))
      })
    var (open, done, circles): (Set<String>, Set<String>, Set<[String]>) = ([], [], [])
    func walk(_ name: String) {
      open.insert(name)
      for other in next[name] ?? [] {
        if open.contains(other) { circles.insert([name, other]) } else if !done.contains(other) { walk(other) }
      }
      open.remove(name)
      done.insert(name)
    }
    let fed = Set(study.stations.flatMap { reached($0.outputs) })
    for station in study.stations.filter({ $0.inputs.allSatisfy { !fed.contains($0) } }) + study.stations where !done.contains(station.name) {
      walk(station.name)
    }
    var column = Dictionary(uniqueKeysWithValues: names.map { ($0, 0) })
    for _ in names {
      for name in names {
        for other in next[name] ?? [] where !circles.contains([name, other]) { column[other] = max(column[other]!, column[name]! + 1) }
      }
    }
    for station in study.stations {
      for buffer in station.outputs {
        let takers = study.stations.filter { $0.inputs.contains(buffer) }
        if !takers.isEmpty, takers.allSatisfy({ circles.contains([station.name, $0.name]) }) { back.insert([station.name, buffer]) }
      }
    }
    let count = (column.values.max() ?? 0) + 1
    return (0..<count).map { c in names.filter { column[$0] == c } }
  }
}
