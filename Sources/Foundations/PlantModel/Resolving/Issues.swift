import Quantities

/// Collects issues while references and comparisons are resolved.
struct Issues {
  private(set) var all: [PlantIssue] = []

  var hasErrors: Bool { all.contains { $0.severity == .error } }

  mutating func append(_ more: [PlantIssue]) { all += more }

  mutating func error(_ place: Place, _ path: String, _ problem: String, _ remedy: String) {
    all.append(PlantIssue(place, path, problem, remedy))
  }

  mutating func warning(_ place: Place, _ path: String, _ problem: String, _ remedy: String) {
    all.append(PlantIssue(place, path, problem, remedy, .warning))
  }

  /// The name that is referred to: itself where it exists, else the one that it probably meant (with an error), else nil (with an error).
  mutating func reference(_ name: String, _ noun: String, among names: [String], at place: Place, _ path: String) -> String? {
    if names.contains(name) { return name }
    let near = Spelling.nearest(to: name, among: names)
    let list = names.isEmpty ? "declare one first" : "there are: " + names.prefix(16).joined(separator: ", ") + (names.count > 16 ? " …" : "")
    error(place, path, "there is no \(noun) `\(name)`", near.map { "did you mean `\($0)`?" } ?? list)
    return near
  }

  /// The number under `key` in `unit`; NaN where it is absent or has another dimension (with an error).
  ///
  /// - Parameter isDifference: it is a step or a change, so a unit's offset plays no part.
  mutating func measure(_ object: ObjectReading, _ key: String, in unit: EngineeringUnit?, _ path: String, isDifference: Bool = false) -> Double {
    guard let quantity = object.quantity(key), let unit else { return .nan }
    do throws(UnitError) {
      return isDifference ? try quantity.unit.convertDifference(quantity.value, to: unit) : try quantity.value(in: unit)
    } catch {
      let field = ShapeReader.join(path, key)
      if quantity.unit.dimension == .one {
        self.error(
          object.place(of: key), field, "`\(field)` is `\(quantity)`, without a unit", "write it in `\(unit.code)`, e.g. `\(quantity) \(unit.code)`")
      } else {
        self.error(
          object.place(of: key), field, "`\(field)` is `\(quantity)`, a \(quantity.unit.dimension), where a \(unit.dimension) belongs",
          "write it in `\(unit.code)`")
      }
      return .nan
    }
  }

  /// Refuses low ≥ high. NaN passes: its error was reported where it arose.
  mutating func requireOrder(_ object: ObjectReading, _ low: Double, _ high: Double, _ path: String) {
    guard low >= high else { return }
    error(object.place(of: "low"), ShapeReader.join(path, "low"), "`\(path).low` is not below `high`", "swap them, or widen the range")
  }
}

/// Whether a < b by more than the rounding of a unit conversion.
func isClearlyBelow(_ a: Double, _ b: Double) -> Bool { a < b - 1e-9 * max(abs(a), abs(b)) }
