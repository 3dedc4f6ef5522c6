import LineModel
import PlantModel
import Probability
import Quantities
import Simulation
import Synchronisation
import Telemetry

extension Twin {
  /// The message that the synchroniser takes, if it takes any of that role.
  func lineReading(_ role: TagRoles.Role, _ sample: Sample) -> LineReading? {
    let number = sample.value.number
    let subject: LineReading.Subject
    switch role {
    case .state(let s): subject = .state(station: s, number.flatMap(MachineState.init))
    case .processed(let s):
      guard let number else { return nil }
      subject = .processed(station: s, number)
    case .defective(let s):
      guard let number else { return nil }
      subject = .rejected(station: s, number)
    case .level(let b):
      guard let number else { return nil }
      subject = .level(buffer: b, number)
    case .speed, .toolCount, .variable, .setpoint, .product, .order: return nil
    }
    return LineReading(instant: sample.instant, arrival: sample.arrival, subject: subject, isGood: sample.quality == .good)
  }

  /// Where every part is at the newest instant told, by all that has arrived; nil where the plant's parts move by rules that are not followed.
  func estimate(at t: Instant) -> LineEstimate? { synchroniser?.estimate(at: t, now: max(listened ?? t, t)) }

  /// Where a simulation from now begins: what the record tells of the stations, with parts and work where the synchroniser has them. For the twin's
  /// tests of itself see `LineRecord.countedState`.
  func startState(_ record: LineRecord) -> LineState {
    var state = record.lineState
    if let now = record.clock, let estimate = estimate(at: now) {
      state.levels = zip(estimate.buffers, plant.buffers).map { min($0.parts, $1.capacity) }
      var machine = 0
      for (s, station) in plant.stations.enumerated() {
        if station.machines == 1 { state.stations[machine].condition = condition(estimate.stations[s], state.stations[machine].condition, of: s) }
        machine += station.machines
      }
    }
    record.addProducts(to: &state)
    return state
  }

  private func condition(
    _ known: LineEstimate.Station, _ told: StationState.Condition, of s: Int
  ) -> StationState.Condition {
    let isHolding = known.inWork > 0
    switch told {
    case .failed(let elapsed, _): return .failed(elapsed: known.repair?.elapsed ?? elapsed, holdsPart: isHolding)
    case .microstopped(let elapsed, _): return .microstopped(elapsed: elapsed, holdsPart: isHolding)
    case .idle, .working, .blocked:
      if known.blocked > 0, record.outputs[s] != nil { return .blocked }
      return isHolding ? .working(elapsed: max(0, known.work?.elapsed ?? 0)) : .idle
    }
  }
}
