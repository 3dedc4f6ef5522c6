import Probability
import Quantities

/// One field of a folder: where it stands, and what it says in the folder's own spelling.
struct OutlineLine {
  var path: String
  var text: String
  var kind: PlantChange.Kind
}

/// Collects lines under a path.
struct Outline {
  var lines: [OutlineLine] = []

  mutating func add(_ path: String, _ text: String?, _ kind: PlantChange.Kind) {
    if let text { lines.append(OutlineLine(path: path, text: text, kind: kind)) }
  }

  mutating func add(_ path: String, _ law: Law?, _ kind: PlantChange.Kind = .parameter) { add(path, law?.text(unit: "s"), kind) }

  mutating func add(_ path: String, _ value: Double?, _ unit: String, _ kind: PlantChange.Kind = .parameter) {
    add(path, value.map { measured($0, unit) }, kind)
  }
}

func measured(_ value: Double, _ unit: String) -> String { unit == "1" ? plain(value) : "\(plain(value)) \(unit)" }
func seconds(_ duration: Duration) -> String { "\(plain(duration.seconds)) s" }
func list(_ names: [String]) -> String { "[\(names.joined(separator: ", "))]" }

extension Law {
  /// As the plant folder writes it.
  func text(unit: String) -> String {
    func s(_ x: Double) -> String { measured(x, unit) }
    return switch self {
    case .constant(let x): s(x)
    case .exponential(let mean): "{exponential: \(s(mean))}"
    case .gamma(let mean, let cv): "{gamma: {mean: \(s(mean)), cv: \(plain(cv))}}"
    case .lognormal(let mean, let cv): "{lognormal: {mean: \(s(mean)), cv: \(plain(cv))}}"
    case .weibull(let mean, let shape): "{weibull: {mean: \(s(mean)), shape: \(plain(shape))}}"
    case .uniform(let low, let high): "{uniform: {low: \(s(low)), high: \(s(high))}}"
    case .triangular(let low, let mode, let high): "{triangular: {low: \(s(low)), mode: \(s(mode)), high: \(s(high))}}"
    case .empirical(let values): "{empirical: \(list(values.map(s)))}"
    }
  }
}
