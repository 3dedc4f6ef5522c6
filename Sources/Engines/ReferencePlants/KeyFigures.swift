/// Counts and times since the start.
struct Totals: Sendable {
  struct Row: Sendable {
    var processed: Int
    var rejected: Int
    var defectsMade: Int
    var ideal: Double
    var account: TimeAccount
  }
  var seconds = 0.0
  var good = 0
  var escapes = 0
  var scrapped = 0
  var leadTime = 0.0
  var stations: [Row]
}

/// What a stretch of a run was worth, after ISO 22400-2.
public struct KeyFigures: Sendable, Hashable {
  public struct Station: Sendable, Hashable {
    public var name: String
    public var processed: Int
    public var rejected: Int
    public var defectsMade: Int
    /// Actual production time / planned busy time; there are no planned breaks here.
    public var availability: Double
    /// Planned run time per item at the rated speed × processed / actual production time.
    public var performance: Double
    /// Share processed without a defect made here.
    public var quality: Double
    public var oee: Double { availability * performance * quality }
    /// Seconds by use, those that are not zero.
    public var seconds: [Use]
    /// Share of the time starved or blocked.
    public var idleShare: Double
    public struct Use: Sendable, Hashable {
      public var name: String
      public var seconds: Double
    }
  }
  public var hours: Double
  public var good: Int
  public var escapes: Int
  public var scrap: Int
  public var goodPerHour: Double
  /// Good − scrap − escapes at the truth's prices, per hour.
  public var valuePerHour: Double
  /// Parts on the line, without those before the first machine.
  public var workInProgress: Int
  public var leadTimeSeconds: Double
  public var lineOEE: Double
  /// The station least starved or blocked.
  public var bottleneck: String
  public var stations: [Station]

  var fields: [TruthValue.Field] {
    [
      .init("hours", .rounded(hours, 4)), .init("good", .integer(Int64(good))), .init("escapes", .integer(Int64(escapes))),
      .init("scrap", .integer(Int64(scrap))), .init("good_per_h", .rounded(goodPerHour, 2)), .init("value_per_h", .rounded(valuePerHour, 2)),
      .init("wip", .integer(Int64(workInProgress))), .init("lead_time_s", .rounded(leadTimeSeconds, 1)),
      .init("busy_s", .rounded(hours * 3600, 1)), .init("line_oee", .rounded(lineOEE, 4)), .init("bottleneck", .text(bottleneck)),
      .init("stations", .object(stations.map { .init($0.name, .object($0.fields)) })),
    ]
  }
}

extension KeyFigures.Station {
  var fields: [TruthValue.Field] {
    [
      .init("processed", .integer(Int64(processed))), .init("rejected", .integer(Int64(rejected))),
      .init("defects_made", .integer(Int64(defectsMade))), .init("availability", .rounded(availability, 4)),
      .init("performance", .rounded(performance, 4)), .init("quality", .rounded(quality, 4)), .init("oee", .rounded(oee, 4)),
      .init("seconds", .object(seconds.map { .init($0.name, .rounded($0.seconds, 1)) })), .init("idle_share", .rounded(idleShare, 4)),
    ]
  }
}

extension ReferencePlant {
  /// Key figures from the start to now.
  public var keyFigures: KeyFigures { keyFigures(since: Totals(stations: machines.map { _ in .zero })) }

  /// Parts that came onto the line, and where each of them is now. The two always agree.
  public var conservation: (released: Int, accounted: Int) {
    (partsReleased, good + escapes + scrapped + belts.reduce(0) { $0 + $1.count } + machines.count { $0.part != nil })
  }

  var totals: Totals {
    Totals(
      seconds: now, good: good, escapes: escapes, scrapped: scrapped, leadTime: leadTime,
      stations: machines.map { m in
        var account = m.account
        account[m.use] += now - m.useSince
        return Totals.Row(processed: m.processed, rejected: m.rejected, defectsMade: m.defectsMade, ideal: m.ideal, account: account)
      })
  }

  func keyFigures(since then: Totals) -> KeyFigures {
    let current = totals
    let seconds = max(current.seconds - then.seconds, 1e-9)
    let hours = seconds / 3600
    let (good, escapes, scrap) = (current.good - then.good, current.escapes - then.escapes, current.scrapped - then.scrapped)
    let stations = machines.indices.map { i in
      let (now, old) = (current.stations[i], then.stations[i])
      let account = now.account - old.account
      let processed = now.processed - old.processed
      let made = now.defectsMade - old.defectsMade
      return KeyFigures.Station(
        name: machines[i].truth.name, processed: processed, rejected: now.rejected - old.rejected, defectsMade: made,
        availability: account[.execute] / seconds, performance: (now.ideal - old.ideal) / max(account[.execute], 1e-9),
        quality: 1 - Double(made) / Double(max(processed, 1)),
        seconds: TimeUse.allCases.filter { account[$0] > 0 }.map { .init(name: $0.name, seconds: account[$0]) },
        idleShare: (account[.starved] + account[.blocked]) / seconds)
    }
    let bottleneck = stations.min { $0.idleShare < $1.idleShare }
    let value = truth.prices.good * Double(good) - truth.prices.scrap * Double(scrap) - truth.prices.escape * Double(escapes)
    let inHand = machines.count { $0.part != nil }
    return KeyFigures(
      hours: hours, good: good, escapes: escapes, scrap: scrap, goodPerHour: Double(good) / hours, valuePerHour: value / hours,
      workInProgress: inHand + belts.dropFirst().reduce(0) { $0 + $1.count },
      leadTimeSeconds: (current.leadTime - then.leadTime) / Double(max(good + escapes, 1)),
      lineOEE: Double(good) * truth.idealCycle / seconds, bottleneck: bottleneck?.name ?? "", stations: stations)
  }
}

extension Totals.Row {
  static let zero = Totals.Row(processed: 0, rejected: 0, defectsMade: 0, ideal: 0, account: TimeAccount())
}
