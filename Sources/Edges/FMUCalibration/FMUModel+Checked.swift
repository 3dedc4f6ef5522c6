public import FMI
import FMUHost
public import Filtering

extension FMUModel {
  /// This model with a way back to its beginning that was tried: a run, another run, and the first one again must give the same.
  ///
  /// Reset is tried first, then the saved state where the unit has one, then a new instance. The states must keep the values that they are set to.
  /// And they must be all that the unit remembers: stepping from reading to reading by setting them anew has to give what one long run gives.
  ///
  /// - Parameters:
  ///   - record: what the model will be used on; its first readings are tried.
  ///   - x: the states at its beginning.
  ///   - p: the parameters.
  /// - Throws: `variable` or `request` with what was found; what running it throws.
  public func checked(on record: SampleRecord, from x: [Double], parameters p: [Double]) throws(FMIError) -> FMUModel {
    let few = try Self.beginning(record, file: session.fmu.path)
    var model = self
    let canSave = session.fmu.description.coSimulation?.canGetAndSetState ?? false
    let ways: [Rewinding] = canSave ? [.reset, .savedState, .newInstance] : [.reset, .newInstance]
    var refusal: FMIError?
    for way in ways {
      model.rewinding = way
      do throws(FMIError) {
        if try model.forgets(few, x, p) {
          if !states.isEmpty { try model.mustKnowItsStates(few, x, p) }
          return model
        }
      } catch {
        if case .variable = error { throw error }
        refusal = error
      }
    }
    throw refusal
      ?? .request(file: session.fmu.path, problem: "the unit remembers earlier runs, even as a new instance; as a function it cannot be used")
  }

  private static func beginning(_ record: SampleRecord, file: String) throws(FMIError) -> SampleRecord {
    let count = min(12, record.instants.count)
    do throws(FilteringError) {
      return try SampleRecord(
        instants: Array(record.instants.prefix(count)), inputs: Array(record.inputs.prefix(count)), outputs: Array(record.outputs.prefix(count)))
    } catch { throw .request(file: file, problem: "\(error)") }
  }

  private func run(_ record: SampleRecord, _ x: [Double], _ p: [Double], _ variables: [Variable]) throws(FMIError) -> [[Double]] {
    do throws(FilteringError) { return try trajectory(record, from: x, parameters: p, of: variables) } catch {
      throw .request(file: session.fmu.path, problem: "\(error)")
    }
  }

  private func forgets(_ record: SampleRecord, _ x: [Double], _ p: [Double]) throws(FMIError) -> Bool {
    let all = states.map(\.variable) + outputs
    let first = try run(record, x, p, all)
    _ = try run(record, x.map { $0 * 1.01 + 1e-3 }, p, all)
    return try run(record, x, p, all) == first
  }

  private func mustKnowItsStates(_ record: SampleRecord, _ x: [Double], _ p: [Double]) throws(FMIError) {
    let long = try run(record, x, p, states.map(\.variable))
    let scales = states.indices.map { i in
      let values = long.map { $0[i] }
      return max((values.max() ?? 0) - (values.min() ?? 0), 1e-6 * (values.map(\.magnitude).max() ?? 0), 1e-9)
    }
    for (i, state) in states.enumerated() where (long[0][i] - x[i]).magnitude > 1e-6 * max(x[i].magnitude, scales[i]) {
      throw .variable(
        file: session.fmu.path, name: state.variable.name, problem: "is \(long[0][i]) after it was set to \(x[i])",
        remedy: "name the variable that sets its start, as \(state.variable.name)=NAME, or use whole runs alone (--method simulation)")
    }
    for k in record.instants.indices.dropFirst() {
      let next: [Double]
      do throws(FilteringError) {
        next = try advance(long[k - 1], parameters: p, input: record.inputs[k - 1], from: record.instants[k - 1], to: record.instants[k])
      } catch { throw .request(file: session.fmu.path, problem: "\(error)") }
      for i in states.indices where (next[i] - long[k][i]).magnitude > 1e-4 * scales[i] {
        throw .variable(
          file: session.fmu.path, name: states[i].variable.name,
          problem: "is \(next[i]) at t = \(record.instants[k]) when the states are set anew at every reading, and \(long[k][i]) in one run",
          remedy: "the unit has states beside \(states.map(\.variable.name).joined(separator: ", ")); name them, or use --method simulation")
      }
    }
  }
}
