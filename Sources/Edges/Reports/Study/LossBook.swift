public import OutputAnalysis
import Simulation

/// Where the parts went that the line could have made, ranked, in parts of the station that holds the line up.
///
/// An hour lost there is an hour lost for the line. Planned machine time P of the constraint is split into its states, its slow cycles
/// (working − PRI · produced) and its rejects (PRI · rejected); what stations after it reject is lost too. With PRI, the planned seconds
/// a part, each becomes parts per hour, and ideal − losses = good parts of the constraint that leave the line. A part that it makes again
/// counts as a reject of the first time; one that is mended after it counts as none.
public struct LossBook: Sendable, Hashable, Codable {
  /// The station that holds the line up.
  public var constraint: String
  /// Parts per hour that its planned time would allow.
  public var ideal: Estimate
  /// Largest first.
  public var losses: [Loss]
  /// What is left.
  public var good: Estimate
  public init(constraint: String, ideal: Estimate, losses: [Loss], good: Estimate) {
    (self.constraint, self.ideal, self.losses, self.good) = (constraint, ideal, losses, good)
  }
}

/// One reason for which parts were not made, or not made well.
public struct Loss: Sendable, Hashable, Codable {
  /// The three factors of overall equipment effectiveness.
  public enum Group: String, Sendable, Hashable, Codable, CaseIterable { case availability, performance, quality }
  public var group: Group
  /// In words: `short stops of Filler`, `starved by failures of Rinser`.
  public var cause: String
  /// The station, source or way that is to blame.
  public var place: String
  /// Of the constraint's planned time, 0 … 1.
  public var share: Estimate
  /// Parts of the constraint per hour.
  public var perHour: Estimate
  public init(group: Group, cause: String, place: String, share: Estimate, perHour: Estimate) {
    (self.group, self.cause, self.place, self.share, self.perHour) = (group, cause, place, share, perHour)
  }
}

extension LossBook {
  /// - Parameters:
  ///   - constraint: index of the station that holds the line up.
  ///   - culprits: who starves and blocks it; nil: not known.
  ///   - plannedSeconds: PRI of the constraint.
  init(_ results: [LineResult], of line: LineSpec, constraint c: Int, culprits: Culprits?, plannedSeconds pri: Double, confidence: Double) {
    let name = line.stations[c].name
    let planned = results.map { max($0.stations[c].times.total - $0.stations[c].times.closed, 1e-9) }
    let hours = results.map { $0.span / 3600 }
    func estimate(_ values: [Double]) -> Estimate { Estimate(of: values, confidence: confidence) }
    /// From machine seconds by replication.
    func loss(_ group: Loss.Group, _ cause: String, _ place: String, _ seconds: [Double]) -> Loss? {
      guard seconds.contains(where: { $0 != 0 }) else { return nil }
      return Loss(
        group: group, cause: cause, place: place, share: estimate(zip(seconds, planned).map { $0 / $1 }),
        perHour: estimate(zip(seconds, hours).map { $0 / pri / $1 }))
    }
    func own(_ state: StationCondition) -> [Double] { results.map { state.seconds(in: $0.stations[c].times) } }
    var found: [Loss?] = [
      loss(.availability, "failures of \(name)", name, own(.failed)), loss(.availability, "short stops of \(name)", name, own(.microstopped)),
      loss(.availability, "set-ups of \(name)", name, own(.setup)), loss(.availability, "maintenance of \(name)", name, own(.maintenance)),
      loss(.availability, "\(name) waiting for people, tools or cards", name, own(.waiting)),
    ]
    for (state, word, shares) in [(StationCondition.starved, "starved", culprits?.starved ?? [:]), (.blocked, "blocked", culprits?.blocked ?? [:])] {
      let seconds = own(state)
      if shares.isEmpty { found.append(loss(.performance, "\(name) \(word)", name, seconds)) }
      for (culprit, share) in shares.sorted(by: { $0.key < $1.key }) {
        found.append(loss(.performance, "\(word) by \(culprit.words)", culprit.name, seconds.map { $0 * share }))
      }
    }
    let produced = results.map { Double($0.stations[c].produced) }
    found.append(loss(.performance, "cycles of \(name) longer than planned", name, zip(own(.working), produced).map { $0 - pri * $1 }))
    found.append(loss(.quality, "rejects of \(name)", name, results.map { pri * Double($0.stations[c].rejected) }))
    let factors = LineFlow(line).parts(of: c, in: line)
    for (s, factor) in factors.enumerated() {
      guard let factor else { continue }
      let after = line.stations[s].name
      found.append(
        loss(.quality, "rejects of \(after)", after, results.map { pri * factor * Double($0.stations[s].rejected - $0.stations[s].reworked) }))
    }
    let ideal = zip(planned, hours).map { $0 / pri / $1 }
    let ranked = found.compactMap { $0 }.enumerated().sorted { ($1.element.share.mean, $0.offset) < ($0.element.share.mean, $1.offset) }.map(
      \.element)
    let lost = results.indices.map { r in
      let rejected = factors.enumerated().reduce(Double(results[r].stations[c].rejected)) {
        $0 + ($1.element ?? 0) * Double(results[r].stations[$1.offset].rejected - results[r].stations[$1.offset].reworked)
      }
      return (produced[r] - rejected) / hours[r]
    }
    self.init(constraint: name, ideal: estimate(ideal), losses: ranked, good: estimate(lost))
  }
}
