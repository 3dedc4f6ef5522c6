internal import PlantModel

extension GovernancePlan {
  /// The calendar by which the change's stages are run; nil where its loop's rollout names none.
  ///
  /// The coins follow from what the change's approvals bind to: nobody knows them before the change is proven and checked, and whoever has
  /// the facts finds the same.
  public func switchback(of change: ChangeRecord) -> SwitchbackDesign? {
    guard let spec = loop(of: change.proposal)?.rollout.switchback else { return nil }
    let seed = change.binding.flatMap { UInt64($0.prefix(16), radix: 16) } ?? 0
    return SwitchbackDesign(spec, change: change.id, seed: seed)
  }
}

extension ChangeRecord {
  /// The pairs in which an arm did not stand at its set-points when its dwell began, as far as is known.
  func pairsMissed(of design: SwitchbackDesign) -> Set<Int> {
    let kept = Set(stage?.periodsKept ?? [])
    return Set((0..<design.spec.pairs).filter { !kept.isSuperset(of: [2 * $0, 2 * $0 + 1]) })
  }
}
