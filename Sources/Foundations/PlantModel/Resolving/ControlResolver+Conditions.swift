import Quantities
import Telemetry
import TemporalLogic

/// Resolves formulas: tags exist, units convert, states have names.
extension ControlResolver {
  /// The formula under `key` over the plant's tags, in their units; nil with an issue where it cannot be.
  mutating func condition(_ object: ObjectReading, _ key: String, _ path: String) -> Formula<Predicate>? {
    guard plant != nil, case .formula(let written, let start)? = object.reading(key)?.content else { return nil }
    var isWhole = true
    let formula = written.mapAtoms { atom in
      let place = Place(file: start.file, line: start.line, column: start.column + atom.offset)
      if let predicate = predicate(atom, at: place, "\(path).\(key)") { return predicate }
      isWhole = false
      return Predicate(atom.terms, atom.comparison, .nan)
    }
    return isWhole ? formula : nil
  }

  private mutating func predicate(_ atom: WrittenPredicate, at place: Place, _ path: String) -> Predicate? {
    var terms: [LinearTerm] = []
    var tags: [Tag] = []
    for term in atom.terms {
      guard let name = tag(term.signal, at: place, path), let found = plant?.tag(name) else { return nil }
      guard found.kind != .text else {
        issues.error(place, path, "`\(name)` holds text, which cannot be compared", "watch a number, a count or a state")
        return nil
      }
      tags.append(found)
      terms.append(LinearTerm(name, term.coefficient))
    }
    guard let unit = unit(ofSum: tags, &terms, at: place, path), let bound = bound(atom, tags, terms, unit, at: place, path) else { return nil }
    return Predicate(terms, atom.comparison, bound)
  }

  /// The first tag's unit; the other coefficients are brought to it.
  private mutating func unit(ofSum tags: [Tag], _ terms: inout [LinearTerm], at place: Place, _ path: String) -> EngineeringUnit? {
    guard let first = try? EngineeringUnit(tags[0].unit) else { return nil }
    for index in tags.indices.dropFirst() {
      guard let unit = try? EngineeringUnit(tags[index].unit) else { return nil }
      guard unit.isConvertible(to: first), unit.offset == first.offset else {
        issues.error(
          place, path, "`\(tags[0].path)` in `\(first.code)` and `\(tags[index].path)` in `\(unit.code)` cannot be summed or compared",
          "compare each with a number of its own")
        return nil
      }
      if unit.factor != first.factor { terms[index].coefficient *= unit.factor / first.factor }
    }
    return first
  }

  private mutating func bound(
    _ atom: WrittenPredicate, _ tags: [Tag], _ terms: [LinearTerm], _ unit: EngineeringUnit, at place: Place, _ path: String
  ) -> Double? {
    switch atom.bound {
    case .word(let word):
      guard tags.count == 1, terms[0].coefficient == 1, atom.comparison == .equal || atom.comparison == .notEqual else {
        issues.error(place, path, "`\(word)` can only be compared by `=` and `!=` with one tag", "write e.g. `Filler/StateCurrent = aborted`")
        return nil
      }
      let value = value(ofWord: word, tags[0], at: place, path)
      return value.isNaN ? nil : value
    case .quantity(let quantity):
      // Tags on both sides: the bound is a zero that nobody wrote.
      if quantity.value == 0, quantity.unit == .one, tags.count > 1 { return 0 }
      let isLevel = terms.reduce(0) { $0 + $1.coefficient } == 1
      do throws(UnitError) {
        let value = isLevel ? try quantity.value(in: unit) : try quantity.unit.convertDifference(quantity.value, to: unit)
        if tags.count == 1, tags[0].kind == .state, MachineState(value) == nil {
          issues.error(place, path, "\(plain(value)) is no PackML state", "write a state by name, e.g. `aborted`")
          return nil
        }
        return value
      } catch {
        let problem = quantity.unit.dimension == .one ? "`\(quantity)` has no unit" : "`\(quantity)` is a \(quantity.unit.dimension)"
        issues.error(place, path, "\(problem), where a \(unit.dimension) belongs", "write it in `\(unit.code)`")
        return nil
      }
    }
  }
}
