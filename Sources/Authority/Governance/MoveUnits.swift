internal import PlantModel
internal import Quantities

/// Brings a proposal's numbers into the plant's units, or refuses them: before anybody looks at what they mean.
extension EnvelopeCheck {
  /// The move with `to` in its tag's unit; or why it cannot be taken.
  ///
  /// - A unit of the same dimension is converted, one of another dimension is refused, whatever the numbers.
  /// - No unit means the tag's own (loops of protocol 1 that name none).
  /// - Either way the target must lie within `GovernorRules.plausibleSteps` of where the set-point stands: a label can lie too.
  public func inOwnUnit(_ move: Move) -> Result<Move, MoveRefusal> {
    guard let limit = limit(move.tag) else { return .success(move) }  // Refused for that reason later.
    var move = move
    if let code = move.unit {
      do throws(UnitError) {
        let given = try EngineeringUnit.fromPlantSpelling(code)
        move.to = try given.convert(move.to, to: try EngineeringUnit(limit.unit))
      } catch {
        return .failure(MoveRefusal(Refusal(.wrongUnit, "\(move.tag) is in \(limit.unit): \(error)")))
      }
    }
    move.unit = limit.unit
    let distance = abs(move.to - move.from)
    guard distance.isFinite else { return .success(move) }  // Unsound, and refused as such.
    guard distance <= rules.plausibleSteps * limit.maxStep * Self.rounding else {
      return .failure(
        MoveRefusal(
          Refusal(
            .implausible,
            "\(move.tag) would go from \(move.from) to \(move.to) \(limit.unit), more than \(rules.plausibleSteps) of its steps: is the unit right?"))
      )
    }
    return .success(move)
  }

  /// Every move of a draft in its tag's own unit, or the first refusal.
  public func inOwnUnits(_ draft: ProposalDraft) -> Result<ProposalDraft, MoveRefusal> {
    var draft = draft
    for index in draft.moves.indices {
      switch inOwnUnit(draft.moves[index]) {
      case .success(let move): draft.moves[index] = move
      case .failure(let refusal): return .failure(refusal)
      }
    }
    return .success(draft)
  }
}

/// A refusal on its way through `Result`.
public struct MoveRefusal: Error, Hashable, Sendable {
  public var refusal: Refusal
  public init(_ refusal: Refusal) { self.refusal = refusal }
}
