public import Historian
public import PlantModel

extension HistorianSpec {
  /// What the historian is to do, class by class: the one for all other tags comes last.
  public var retentionRules: [RetentionRule] {
    (classes.filter { !$0.isRest } + classes.filter(\.isRest)).map { tagClass in
      RetentionRule(
        tags: tagClass.tags, samples: tagClass.keep, rollups: tagClass.rollups.map { RollupRule(length: $0.window, keep: $0.keep) })
    }
  }
}
