import FMI
import Quantities

/// The way from a column's unit to an FMU's: FMU's value = value·factor + offset.
struct UnitConversion: Sendable, Hashable {
  var factor = 1.0
  var offset = 0.0

  func callAsFunction(_ value: Double) -> Double { value * factor + offset }

  /// - Parameters:
  ///   - column: what stands in the brackets of the header; nil: the FMU's own unit.
  ///   - variable: with the unit's name, by which `description` may define it.
  /// - Throws: `request` where the units measure different things, or one of them is not known.
  static func from(_ column: String?, to variable: Variable, in description: ModelDescription) throws(FMUCalibrationError) -> UnitConversion {
    guard let column, let own = variable.unit, column != own else { return UnitConversion() }
    let given: EngineeringUnit
    do throws(UnitError) { given = try EngineeringUnit(column) } catch {
      throw .request("column \(variable.name) [\(column)]: \(error)")
    }
    let (dimension, factor, offset): (Dimension, Double, Double)
    if let definition = description.units[own], let powers = definition.powers {
      dimension = Dimension(
        length: powers[1], mass: powers[0], time: powers[2], current: powers[3], temperature: powers[4], amount: powers[5], luminosity: powers[6])
      (factor, offset) = (definition.factor, definition.offset)
    } else if let known = try? EngineeringUnit(own) {
      (dimension, factor, offset) = (known.dimension, known.factor, known.offset)
    } else {
      throw .request("column \(variable.name) [\(column)]: the FMU has it in \(own), which it does not define; convert the column and write [\(own)]")
    }
    guard given.dimension == dimension else {
      throw .request(
        "column \(variable.name) [\(column)] is a \(given.dimension), the FMU has it in \(own), a \(dimension); give it in a unit that converts into \(own)"
      )
    }
    return UnitConversion(factor: given.factor / factor, offset: (given.offset - offset) / factor)
  }
}
