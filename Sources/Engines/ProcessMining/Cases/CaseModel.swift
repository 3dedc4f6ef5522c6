/// A stochastic simulation model of cases that pass through activities, mined from a log: where they go, how long they wait and are worked
/// on, when new ones come, who works on them.
public struct CaseModel: Sendable, Hashable, Codable {
  public struct Activity: Sendable, Hashable, Codable {
    public var name: String
    /// How long it lasts. Nil in a log of single instants.
    public var duration: LawBelief?
    /// The hours of the week in which it begins.
    public var profile: WeeklyProfile
    /// The pool that does it, by its index; nil where the log names no resource.
    public var pool: Int?
    /// How the length depends on the quantity made, where the log shows it.
    public var quantity: QuantityEffect?
  }
  public var activities: [Activity]
  public var routing: RoutingModel
  public var waits: WaitModel
  public var arrivals: ArrivalModel
  public var pools: [Pool]
  /// How many cases and events it was learnt from.
  public var cases: Int
  public var events: Int
}

/// Resources that do the same activities.
public struct Pool: Sendable, Hashable, Codable {
  /// Each resource and how many events it did.
  public struct Member: Sendable, Hashable, Codable {
    public var name: String
    public var events: Int
    /// The share of its events that began while another of its own was going on.
    public var overlapping: Double
    /// The hours of the week, 0 … 167 from Thursday 00:00 UTC, in which it began at least 1 % of its events.
    public var hours: [Int]
  }
  public var activities: [Int]
  public var members: [Member]
  /// The most events that it did at once.
  public var capacity: Int
  /// Of the events that waited, the share that began as soon as their resource had ended another one.
  public var handover: Double
  /// Whether cases queue for it in the simulation: its members do one thing at a time, and waits end with their previous work.
  public var isBottleneck: Bool
}

/// Length = set-up + quantity · time per piece, by least squares over the events that say a quantity.
public struct QuantityEffect: Sendable, Hashable, Codable {
  /// The attribute that holds the quantity.
  public var attribute: String
  /// Seconds.
  public var setup: Double
  public var perPiece: Double
  /// The share of the variance of the length that the quantity explains.
  public var explained: Double
  public var events: Int
}

/// When new cases come: a Poisson process in operational time whose rate wavers from day to day.
public struct ArrivalModel: Sendable, Hashable, Codable {
  public var profile: WeeklyProfile
  /// Cases counted, and the operational seconds in which they came: the posterior of the rate is Gamma(cases, seconds).
  public var cases: Int
  public var exposure: Double
  /// Variance over mean of the number of cases in one operational day; 1 for a Poisson process.
  public var dispersion: Double
  /// Counting began at this second since 1970: what is seen first just after a log begins may be old.
  public var countedFrom: Double
}
