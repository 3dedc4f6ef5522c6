import Determinism

/// How the hours of a week share an activity: a weight for each of the 168 hours, of mean 1, and the time that runs by them.
///
/// Operational time is τ(t) = ∫ w(hour of week) dt. A wait of 16 working hours has the same operational length whether a weekend lies
/// within or not, so waits are learnt and drawn in it, and turned back into calendar time. Hours count from Thursday 00:00 UTC, as
/// 1970 began; times are seconds since 1970.
public struct WeeklyProfile: Sendable, Hashable, Codable {
  /// 168 weights of mean 1, none below 0.
  public let weights: [Double]
  /// The operational time from the start of the week to the start of each hour, 169 values, the last 604,800 s.
  private let cumulative: [Double]

  private static let week = 604_800.0

  /// Every hour alike.
  public static let uniform = WeeklyProfile(weights: Array(repeating: 1, count: 168))

  /// - Precondition: 168 weights, not negative, not all 0.
  public init(weights: [Double]) {
    let total = weights.reduce(0, +)
    precondition(weights.count == 168 && total > 0 && weights.allSatisfy { $0 >= 0 }, "a weekly profile of \(weights.count) weights, sum \(total)")
    self.weights = weights.map { $0 * 168 / total }
    var sum = 0.0
    cumulative =
      [0]
      + self.weights.map {
        sum += $0 * 3600
        return sum
      }
  }

  /// Learns the profile of instants, seconds since 1970. Each hour's weight is (its count + strength·prior)/(count + strength), so that few
  /// instants stay near the prior.
  public init(of instants: [Double], prior: WeeklyProfile = .uniform, strength: Double) {
    var counts = prior.weights.map { $0 * strength / 168 }
    for t in instants { counts[Self.hour(t)] += 1 }
    self.init(weights: counts)
  }

  static func hour(_ t: Double) -> Int {
    let hours = Int((t / 3600).rounded(.down)) % 168
    return hours < 0 ? hours + 168 : hours
  }

  /// τ(t), seconds of operational time since 1970.
  public func operational(_ t: Double) -> Double {
    let weeks = (t / Self.week).rounded(.down)
    let within = t - weeks * Self.week
    let hour = min(Int(within / 3600), 167)
    return weeks * cumulative[168] + cumulative[hour] + (within - Double(hour) * 3600) * weights[hour]
  }

  /// The operational length of an interval of calendar time.
  public func elapsed(from a: Double, to b: Double) -> Double { operational(b) - operational(a) }

  /// The earliest calendar time at which `length` of operational time has passed since `t`.
  public func advance(_ t: Double, by length: Double) -> Double {
    if length <= 0 { return t }
    let target = operational(t) + length
    let weeks = (target / cumulative[168]).rounded(.down)
    let within = target - weeks * cumulative[168]
    // The last hour that begins at or before the target and has weight.
    var (low, high) = (0, 167)
    while low < high {
      let middle = (low + high + 1) / 2
      if cumulative[middle] < within { low = middle } else { high = middle - 1 }
    }
    let rest = weights[low] > 0 ? (within - cumulative[low]) / weights[low] : 0
    return max(t, weeks * Self.week + Double(low) * 3600 + rest)
  }

  private enum CodingKeys: CodingKey { case weights }
  public init(from decoder: any Decoder) throws {
    let weights = try decoder.container(keyedBy: CodingKeys.self).decode([Double].self, forKey: .weights)
    guard weights.count == 168, weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a weekly profile has 168 weights, not all 0"))
    }
    self.init(weights: weights)
  }
}
