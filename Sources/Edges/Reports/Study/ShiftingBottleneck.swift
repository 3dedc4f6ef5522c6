import Simulation

/// Which station holds the line up, moment by moment, from a trace.
///
/// A machine is active while it works or is stopped by itself. At any moment the machine with the longest unbroken active spell (past and
/// future of it) is the bottleneck; where the spell of the next bottleneck overlaps that of the one before, the bottleneck is shifting from
/// one to the other.
///
/// - Source: C. Roser, M. Nakano, M. Tanaka 2002, "Shifting bottleneck detection", doi:10.1109/WSC.2002.1166360.
struct ShiftingBottleneck {
  /// By station: share of the observed time as the only bottleneck, and as one of two between which it shifts.
  var sole: [Double]
  var shifting: [Double]

  private struct Spell {
    var start: Double
    var end: Double
    var length: Double { end - start }
  }

  init(_ trace: LineTrace, stations: Int, from start: Double, until end: Double) {
    (sole, shifting) = ([Double](repeating: 0, count: stations), [Double](repeating: 0, count: stations))
    let spells = Self.spells(trace, until: end)
    guard end > start else { return }
    var place = [Int](repeating: 0, count: spells.count)
    /// The longest spell that is under way just after `time`.
    func longest(after time: Double) -> (machine: Int, spell: Spell)? {
      var best: (machine: Int, spell: Spell)?
      for machine in spells.indices {
        while place[machine] < spells[machine].count, spells[machine][place[machine]].end <= time { place[machine] += 1 }
        guard place[machine] < spells[machine].count else { continue }
        let spell = spells[machine][place[machine]]
        if spell.start <= time, spell.length > best?.spell.length ?? 0 { best = (machine, spell) }
      }
      return best
    }
    func add(_ from: Double, _ to: Double, to shares: inout [Double], _ machine: Int) {
      let seconds = min(to, end) - max(from, start)
      if seconds > 0 { shares[trace.stations[machine]] += seconds / (end - start) }
    }
    var current = longest(after: start)
    var time = start
    while time < end {
      guard let (machine, spell) = current else {
        // Nobody is active: on to whoever begins next.
        let next = spells.indices.compactMap { place[$0] < spells[$0].count ? spells[$0][place[$0]].start : nil }.filter { $0 > time }.min()
        guard let next, next < end else { return }
        time = next
        current = longest(after: time)
        continue
      }
      let successor = longest(after: spell.end)
      let overlap = successor.map { max(time, min($0.spell.start, spell.end)) } ?? spell.end
      add(time, overlap, to: &sole, machine)
      if let successor, trace.stations[successor.machine] != trace.stations[machine] {
        add(overlap, spell.end, to: &shifting, machine)
        add(overlap, spell.end, to: &shifting, successor.machine)
      } else {
        add(overlap, spell.end, to: &sole, machine)
      }
      (time, current) = (spell.end, successor)
    }
  }

  /// By machine.
  private static func spells(_ trace: LineTrace, until end: Double) -> [[Spell]] {
    var spells = [[Spell]](repeating: [], count: trace.stations.count)
    var since = [Double?](repeating: nil, count: trace.stations.count)
    for entry in trace.entries where entry.kind == .state {
      let machine = Int(entry.index)
      let isActive = LineTrace.State(rawValue: Int(entry.value)).map { StationCondition($0).isActive } ?? false
      if let start = since[machine], !isActive {
        // A spell that ends where another begins goes on: a completed part and the next one meet in one moment.
        if entry.time > start { spells[machine].append(Spell(start: start, end: entry.time)) }
        since[machine] = nil
      } else if since[machine] == nil, isActive {
        if let last = spells[machine].last, last.end == entry.time {
          since[machine] = last.start
          spells[machine].removeLast()
        } else {
          since[machine] = entry.time
        }
      }
    }
    for machine in spells.indices { if let start = since[machine], start < end { spells[machine].append(Spell(start: start, end: end)) } }
    return spells
  }
}

/// Which station holds the line up.
public struct BottleneckStudy: Sendable, Hashable, Codable {
  /// Of the observed time, 0 … 1: as the only bottleneck, and while it shifts to or from another.
  public struct Share: Sendable, Hashable, Codable {
    public var station: String
    public var sole: Double
    public var shifting: Double
    public var total: Double { sole + shifting }
    public init(station: String, sole: Double, shifting: Double) { (self.station, self.sole, self.shifting) = (station, sole, shifting) }
  }
  public var station: String
  /// In words, which rule told it.
  public var rule: String
  /// In the line's order: share of the time as bottleneck, from the trace of one replication; empty without a trace.
  public var shares: [Share]
  public init(station: String, rule: String, shares: [Share]) { (self.station, self.rule, self.shares) = (station, rule, shares) }
  /// Whether that station was it for more than half of the time; false: the bottleneck wanders.
  public var isClear: Bool { share.map { $0 > 0.5 } ?? true }
  /// The share of the time in which the bottleneck was one.
  public var share: Double? { shares.first { $0.station == station }?.total }
}
