public import Probability

/// Machines in series with tanks between them, through which material flows continuously; the continuous-material transfer line.
///
/// Machine i works at most at rate rᵢ (volume per unit of time). It slows down to its neighbour's rate, or stands, when the tank before it is empty
/// or the one behind it is full. The first is never starved but by `sourceRate`, the last never blocked but by `sinkRate`.
///
/// - Source: S. B. Gershwin, Manufacturing Systems Engineering, 1994, chapter 3; J. Li, S. M. Meerkov, Production Systems Engineering, 2009,
///   doi:10.1007/978-0-387-75579-3.
public struct FluidLine: Sendable, Hashable, Codable {
  public struct Machine: Sendable, Hashable, Codable {
    /// Names its random streams too.
    public var name: String
    /// The rate at full speed, positive.
    public var rate: Double
    /// Nil: never fails.
    public var failure: Failure?
    public init(_ name: String, rate: Double, failure: Failure? = nil) { (self.name, self.rate, self.failure) = (name, rate, failure) }
  }

  public struct Failure: Sendable, Hashable, Codable {
    /// What wears a machine out.
    public enum Clock: String, Sendable, Hashable, Codable {
      /// Time: an idle machine fails as a working one does.
      case calendar
      /// Work: the clock runs at the fraction speed / rate, and stands while nothing flows.
      case operating
    }
    public var clock: Clock
    /// From the end of a repair to the next failure, on that clock.
    public var up: Law
    /// Repair, in time.
    public var down: Law
    public init(_ clock: Clock, up: Law, down: Law) { (self.clock, self.up, self.down) = (clock, up, down) }
  }

  public struct Tank: Sendable, Hashable, Codable {
    /// Volume, finite; 0 couples the two machines rigidly.
    public var capacity: Double
    /// At the start.
    public var level: Double
    public init(capacity: Double, level: Double = 0) { (self.capacity, self.level) = (capacity, level) }
  }

  public var machines: [Machine]
  /// Tank i stands between machines i and i + 1.
  public var tanks: [Tank]
  /// What comes to the first machine; nil: all it can take.
  public var sourceRate: Double?
  /// What the last machine can get rid of; nil: all it makes.
  public var sinkRate: Double?

  public init(machines: [Machine], tanks: [Tank], sourceRate: Double? = nil, sinkRate: Double? = nil) {
    (self.machines, self.tanks, self.sourceRate, self.sinkRate) = (machines, tanks, sourceRate, sinkRate)
  }

  /// What is wrong with the line, one sentence for each fault.
  public var faults: [String] {
    var faults: [String] = []
    if machines.isEmpty { faults.append("there is no machine") }
    if tanks.count != max(machines.count - 1, 0) { faults.append("\(machines.count) machines need \(machines.count - 1) tanks, not \(tanks.count)") }
    for (i, machine) in machines.enumerated() {
      if !(machine.rate.isFinite && machine.rate > 0) { faults.append("the rate of \(machine.name) is \(machine.rate), and must be positive") }
      if machines[..<i].contains(where: { $0.name == machine.name }) { faults.append("two machines are called \(machine.name)") }
      if let fault = machine.failure?.up.fault { faults.append("up time of \(machine.name): \(fault)") }
      if let fault = machine.failure?.down.fault { faults.append("down time of \(machine.name): \(fault)") }
    }
    for (i, tank) in tanks.enumerated() where !(tank.capacity.isFinite && tank.level >= 0 && tank.level <= tank.capacity) {
      faults.append("tank \(i) holds \(tank.level) of \(tank.capacity)")
    }
    for (name, rate) in [("source", sourceRate), ("sink", sinkRate)] {
      if let rate, !(rate.isFinite && rate >= 0) { faults.append("the \(name) rate is \(rate), and must be finite and not negative") }
    }
    return faults
  }
}

/// What one replication of a fluid line gave, from the end of the warm-up on.
public struct FluidLineResult: Sendable, Hashable, Codable {
  /// How a machine spent its time. The five add up to `duration`.
  public struct Times: Sendable, Hashable, Codable {
    /// At full speed.
    public var working: Double
    /// Slower than its rate, for want of material or of room.
    public var slowed: Double
    /// Up, and nothing comes; also where it would be blocked besides.
    public var starved: Double
    /// Up, with material, and no room.
    public var blocked: Double
    public var failed: Double
    public init(working: Double = 0, slowed: Double = 0, starved: Double = 0, blocked: Double = 0, failed: Double = 0) {
      (self.working, self.slowed, self.starved, self.blocked, self.failed) = (working, slowed, starved, blocked, failed)
    }
  }
  /// The time observed.
  public internal(set) var duration = 0.0
  /// Volume through each machine.
  public internal(set) var produced: [Double]
  public internal(set) var times: [Times]
  public internal(set) var failures: [Int]
  /// Mean level of each tank over time, and the level at the end.
  public internal(set) var meanLevels: [Double]
  public internal(set) var finalLevels: [Double]
  /// Events handled, those of the warm-up included.
  public internal(set) var eventCount = 0

  /// Volume out of the last machine per unit of time.
  public var throughput: Double { produced[produced.count - 1] / duration }
}
