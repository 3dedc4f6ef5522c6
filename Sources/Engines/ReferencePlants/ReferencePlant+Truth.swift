import Foundation
import Quantities

extension ReferencePlant {
  /// Ends the truth log: the key figures of the whole run.
  public mutating func finish() {
    if now > 0 { log("kpi_total", keyFigures.fields) }
  }

  mutating func log(_ kind: String, _ fields: [TruthValue.Field]) {
    guard isObserved else { return }
    records.append(TruthRecord(seconds: now, milliseconds: instant.milliseconds, kind: kind, fields: fields))
  }

  /// The first line: everything that is true, and what will happen.
  mutating func logHeader() {
    log(
      "header",
      [
        .init("plant", .text(truth.name)), .init("seed", .json(String(seed))), .init("start_ms", .integer(start.milliseconds)),
        .init("timeline", Self.json(timeline)),
        .init("setpoints", .object(setpoints.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })),
        .init("parameters", Self.json(truth)),
      ])
  }

  /// The key figures of the hour that ends now, and the hidden state.
  mutating func logHour() {
    guard isObserved else { return }
    log("kpi", keyFigures(since: hourStart).fields)
    hourStart = totals
    var variables: [TruthValue.Field] = []
    for machine in machines {
      for variable in machine.variables {
        let pair: [TruthValue.Field] = [
          .init("true", .rounded(variable.value, 3)), .init("optimum", .rounded(variable.optimum(ratio: machine.setRatio), 3)),
        ]
        variables.append(.init("\(machine.truth.name)/\(variable.truth.name)", .object(pair)))
      }
    }
    let shown = setpoints.sorted { $0.key < $1.key }.map { name, value in
      TruthValue.Field(name, .object([.init("shown", .number(value)), .init("used", .number(value))]))
    }
    log(
      "state",
      [
        .init("setpoints", .object(shown)), .init("pvs", .object(variables)),
        .init("scrap_probability", .object(machines.map { .init($0.truth.name, .rounded($0.scrapProbability, 5)) })),
        .init("cycle_mean_s", .object(machines.map { .init($0.truth.name, .rounded($0.cycleMean, 3)) })),
      ])
  }

  /// As JSON with sorted keys.
  private static func json(_ value: some Encodable) -> TruthValue {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("a truth holds a number that is not finite") }
    return .json(String(decoding: data, as: UTF8.self))
  }
}
