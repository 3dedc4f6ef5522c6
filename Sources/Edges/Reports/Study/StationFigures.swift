public import OutputAnalysis
public import Simulation

/// What a machine does with its time, in the order in which pictures and tables show it.
public enum StationCondition: String, Sendable, Hashable, Codable, CaseIterable {
  case working, setup, maintenance, failed, microstopped, waiting, starved, blocked, closed

  public init(_ state: LineTrace.State) {
    switch state {
    case .working: self = .working
    case .starved: self = .starved
    case .blocked: self = .blocked
    case .failed: self = .failed
    case .microstopped: self = .microstopped
    case .closed: self = .closed
    case .setup: self = .setup
    case .maintenance: self = .maintenance
    case .waiting: self = .waiting
    }
  }

  /// As people say it.
  public var words: String {
    switch self {
    case .working: "working"
    case .setup: "set-up"
    case .maintenance: "maintenance"
    case .failed: "failed"
    case .microstopped: "short stop"
    case .waiting: "waiting for people"
    case .starved: "starved"
    case .blocked: "blocked"
    case .closed: "closed"
    }
  }

  /// Working, or stopped by itself: what Roser calls active. Whoever waits for parts, room or people is held up by others.
  public var isActive: Bool {
    switch self {
    case .starved, .blocked, .closed, .waiting: false
    case .working, .setup, .maintenance, .failed, .microstopped: true
    }
  }

  func seconds(in times: StateTimes) -> Double {
    switch self {
    case .working: times.working
    case .setup: times.setup
    case .maintenance: times.maintenance
    case .failed: times.failed
    case .microstopped: times.microstopped
    case .waiting: times.waiting
    case .starved: times.starved
    case .blocked: times.blocked
    case .closed: times.closed
    }
  }
}

/// A station's times of one replication, by the names of ISO 22400-2, in machine seconds.
///
/// - Source: ISO 22400-2:2014, clauses 5 (time elements) and 6 (key performance indicators).
struct StationTimes {
  /// PBT, planned busy time: span − closed.
  var planned: Double
  /// APT, actual production time: working.
  var production: Double
  /// AUST, actual unit set-up time.
  var setup: Double
  /// ADET, actual unit delay time: failures, short stops, waiting for people: what lengthens the work under way.
  var delay: Double
  /// AUPT, actual unit processing time: APT + AUST.
  var processing: Double { production + setup }
  /// AUBT, actual unit busy time: AUPT + ADET. Starving, blocking and planned upkeep are no part of it.
  var busy: Double { processing + delay }
  var produced: Double
  var rejected: Double
  var reworked: Double
  /// PRI · PQ.
  var plannedWork: Double
  var span: Double

  init(_ result: StationResult, span: Double, plannedSeconds: Double) {
    let t = result.times
    (planned, production, setup) = (t.total - t.closed, t.working, t.setup)
    delay = t.failed + t.microstopped + t.waiting
    (produced, rejected, reworked) = (Double(result.produced), Double(result.rejected), Double(result.reworked))
    plannedWork = plannedSeconds * produced
    self.span = span
  }
}

/// A station's key figures by ISO 22400-2, with their intervals. Ratios are 0 … 1 (effectiveness may exceed 1).
public struct StationFigures: Sendable, Hashable, Codable {
  /// Availability · effectiveness · quality ratio.
  public var oee: Estimate
  /// APT / PBT. Starving and blocking lower it, as failures do.
  public var availability: Estimate
  /// PRI · PQ / APT, PRI being the mean planned work of a part.
  public var effectiveness: Estimate
  /// (PQ − rejected) / PQ.
  public var qualityRatio: Estimate
  /// AUBT / PBT.
  public var allocationEfficiency: Estimate
  /// APT / AUBT.
  public var utilisationEfficiency: Estimate
  /// APT / (APT + ADET).
  public var technicalEfficiency: Estimate
  /// AUST / AUPT.
  public var setupRatio: Estimate
  /// (Rejected − reworked) / PQ, and reworked / PQ.
  public var scrapRatio: Estimate
  public var reworkRatio: Estimate
  /// PQ / span, per hour.
  public var throughputRate: Estimate
  public var setupsPerHour: Estimate

  /// - Parameter plannedSeconds: PRI of the station.
  init(_ results: [(station: StationResult, span: Double)], plannedSeconds: Double, confidence: Double) {
    let times = results.map { StationTimes($0.station, span: $0.span, plannedSeconds: plannedSeconds) }
    func ratio(_ above: (StationTimes) -> Double, _ below: (StationTimes) -> Double, none: Double = 0) -> Estimate {
      Estimate(of: times.map { below($0) > 0 ? above($0) / below($0) : none }, confidence: confidence)
    }
    availability = ratio(\.production, \.planned)
    effectiveness = ratio(\.plannedWork, \.production)
    qualityRatio = ratio({ $0.produced - $0.rejected }, \.produced, none: 1)
    // APT cancels: what was planned for the good parts over the planned time.
    oee = ratio({ $0.produced > 0 ? $0.plannedWork * ($0.produced - $0.rejected) / $0.produced : 0 }, \.planned)
    allocationEfficiency = ratio(\.busy, \.planned)
    utilisationEfficiency = ratio(\.production, \.busy)
    technicalEfficiency = ratio(\.production, { $0.production + $0.delay }, none: 1)
    setupRatio = ratio(\.setup, \.processing)
    scrapRatio = ratio({ $0.rejected - $0.reworked }, \.produced)
    reworkRatio = ratio(\.reworked, \.produced)
    throughputRate = ratio({ 3600 * $0.produced }, \.span)
    setupsPerHour = Estimate(of: results.map { 3600 * Double($0.station.setups) / $0.span }, confidence: confidence)
  }

  public init(
    oee: Estimate, availability: Estimate, effectiveness: Estimate, qualityRatio: Estimate, allocationEfficiency: Estimate,
    utilisationEfficiency: Estimate, technicalEfficiency: Estimate, setupRatio: Estimate, scrapRatio: Estimate, reworkRatio: Estimate,
    throughputRate: Estimate, setupsPerHour: Estimate
  ) {
    (self.oee, self.availability, self.effectiveness, self.qualityRatio) = (oee, availability, effectiveness, qualityRatio)
    (self.allocationEfficiency, self.utilisationEfficiency) = (allocationEfficiency, utilisationEfficiency)
    (self.technicalEfficiency, self.setupRatio, self.scrapRatio) = (technicalEfficiency, setupRatio, scrapRatio)
    (self.reworkRatio, self.throughputRate, self.setupsPerHour) = (reworkRatio, throughputRate, setupsPerHour)
  }
}
