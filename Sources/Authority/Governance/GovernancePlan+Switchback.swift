internal import PlantModel

extension GovernancePlan {
  /// The calendar by which the change's stages are run, all of the move against none of it; nil where its loop's rollout names none. (Where the
  /// rollout interleaves like machines, this is for a change that moves others besides: ask `interleave(of:)` first.)
  ///
  /// The coins follow from what the change's approvals bind to: nobody knows them before the change is proven and checked, and whoever has
  /// the facts finds the same.
  public func switchback(of change: ChangeRecord) -> SwitchbackDesign? {
    guard let spec = loop(of: change.proposal)?.rollout.calendar else { return nil }
    return SwitchbackDesign(spec, change: change.id, seed: coinSeed(of: change))
  }

  func coinSeed(of change: ChangeRecord) -> UInt64 { change.binding.flatMap { UInt64($0.prefix(16), radix: 16) } ?? 0 }
}

extension ChangeRecord {
  /// The pairs in which an arm did not stand at its set-points when its dwell began, as far as is known.
  func pairsMissed(of design: SwitchbackDesign) -> Set<Int> {
    let kept = Set(stage?.periodsKept ?? [])
    return Set((0..<design.spec.pairs).filter { !kept.isSuperset(of: [2 * $0, 2 * $0 + 1]) })
  }
}
