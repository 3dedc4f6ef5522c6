/// What a machine's time went into; every second belongs to exactly one.
enum TimeUse: Int, Sendable, CaseIterable {
  case execute, starved, blocked, microstop, failure, idle

  var name: String {
    switch self {
    case .execute: "execute"
    case .starved: "starved"
    case .blocked: "blocked"
    case .microstop: "microstop"
    case .failure: "failure"
    case .idle: "idle"
    }
  }
}

/// Seconds by use.
struct TimeAccount: Sendable, Hashable {
  private var seconds = [Double](repeating: 0, count: TimeUse.allCases.count)

  subscript(use: TimeUse) -> Double {
    get { seconds[use.rawValue] }
    set { seconds[use.rawValue] = newValue }
  }

  static func - (a: TimeAccount, b: TimeAccount) -> TimeAccount {
    var difference = a
    for use in TimeUse.allCases { difference[use] -= b[use] }
    return difference
  }
}
