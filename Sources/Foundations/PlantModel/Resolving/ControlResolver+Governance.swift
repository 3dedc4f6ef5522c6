import Quantities

extension ControlResolver {
  /// Resolves governance.yaml against the loops and the envelope's limits.
  mutating func governance(_ root: ObjectReading, loops: [String], limits: [TagLimit]) -> GovernanceSpec {
    var people: [Signatory] = []
    for entry in root.entries("people") {
      guard let object = entry.object else { continue }
      let key = object.text("key") ?? ""
      if object.values["key"] != nil, Hex.bytes(of: key)?.count != 32 {
        issues.error(
          object.place(of: "key"), "people.\(entry.key).key", "`people.\(entry.key).key` is no Ed25519 public key",
          "write the 64 hex digits that `takt key` prints")
      }
      if let other = people.first(where: { $0.key == key && !key.isEmpty }) {
        issues.error(
          object.place(of: "key"), "people.\(entry.key).key", "`\(entry.key)` and `\(other.name)` have the same key",
          "each person has a key of their own")
      }
      people.append(Signatory(name: entry.key, roles: object.list("roles").compactMap { $0.text.flatMap(Role.init(rawValue:)) }, key: key))
    }
    let approvals = approvals(root.object("approvals"))
    if approvals.signed, people.isEmpty {
      issues.error(
        root.place(of: "approvals"), "approvals.signed", "approvals must be signed, and nobody has a key", "add `people`; `takt key` makes one")
    }
    return GovernanceSpec(
      people: people, approvals: approvals, promotion: promotion(root.object("promotion")), proof: proof(root.object("proof")),
      alarmsPerHour: root.whole("alarms_per_hour") ?? 1, decoys: decoys(root.object("decoys")),
      plans: root.entries("plans").compactMap { entry in entry.object.flatMap { changePlan(entry.key, $0, loops, limits) } })
  }

  private func approvals(_ object: ObjectReading?) -> ApprovalSpec {
    var spec = ApprovalSpec()
    guard let object else { return spec }
    spec.signed = object.flag("signed") ?? spec.signed
    spec.ordinary = object.whole("ordinary") ?? spec.ordinary
    spec.wide = object.whole("wide") ?? spec.wide
    spec.wideShare = object.number("wide_share", or: spec.wideShare)
    spec.envelope = object.whole("envelope") ?? spec.envelope
    return spec
  }

  private func promotion(_ object: ObjectReading?) -> PromotionSpec {
    var spec = PromotionSpec()
    guard let object else { return spec }
    if let step = object.object("advisory") { spec.advisory = promotionStep(step) }
    if let step = object.object("supervised") { spec.supervised = promotionStep(step) }
    if let step = object.object("closed_loop") { spec.closedLoop = promotionStep(step) }
    return spec
  }

  private func promotionStep(_ object: ObjectReading) -> PromotionSpec.Step {
    let probability = object.number("failure_probability")
    return PromotionSpec.Step(
      failureProbability: probability.isFinite ? probability : nil, dwell: duration(object.number("dwell", or: 0)),
      quorum: object.whole("quorum") ?? 1)
  }

  private func proof(_ object: ObjectReading?) -> ProofSpec {
    var spec = ProofSpec()
    guard let object else { return spec }
    spec.toleratedLoss = object.number("tolerated_loss", or: spec.toleratedLoss)
    spec.risk = object.number("risk", or: spec.risk)
    spec.confidence = object.number("confidence", or: spec.confidence)
    spec.failuresAllowed = object.whole("failures") ?? spec.failuresAllowed
    return spec
  }

  private func decoys(_ object: ObjectReading?) -> DecoySpec? {
    guard let object else { return nil }
    var spec = DecoySpec()
    spec.share = object.number("share", or: spec.share)
    spec.catchRate = object.number("catch_rate", or: spec.catchRate)
    spec.least = object.whole("least") ?? spec.least
    return spec
  }

  private mutating func changePlan(_ name: String, _ object: ObjectReading, _ loops: [String], _ limits: [TagLimit]) -> ChangePlanSpec? {
    let path = "plans.\(name)"
    guard let text = object.text("loop"), let loop = issues.reference(text, "loop", among: loops, at: object.place(of: "loop"), "\(path).loop") else {
      return nil
    }
    let ranges = object.entries("ranges").compactMap { entry in entry.object.flatMap { planRange(entry, $0, limits, "\(path).ranges.\(entry.key)") } }
    var expires: Instant?
    if let text = object.text("valid_until") {
      expires = Instant(iso8601: text)
      if expires == nil {
        issues.error(
          object.place(of: "valid_until"), "\(path).valid_until", "`\(path).valid_until` is `\(text)`",
          "write an instant, e.g. `2027-06-30T00:00:00Z`")
      }
    }
    return ChangePlanSpec(
      name: name, loop: loop, ranges: ranges, leastProbability: object.number("least_probability", or: 0.6),
      changesPerDay: object.whole("changes_per_day") ?? 12, modelClasses: object.list("model_classes").compactMap(\.text),
      retrainTriggers: object.list("retrain_triggers").compactMap(\.text), tests: object.list("tests").compactMap(\.text),
      quorum: object.whole("quorum") ?? 2, expires: expires)
  }

  private mutating func planRange(_ entry: EntryReading, _ object: ObjectReading, _ limits: [TagLimit], _ path: String) -> PlanRange? {
    guard let limit = limits.first(where: { $0.tag == entry.key }) else {
      issues.error(entry.place, path, "`\(entry.key)` has no limits in envelope.yaml, so no plan can move it", "add it there, or remove it here")
      return nil
    }
    let unit = try? EngineeringUnit(limit.unit)
    let range = PlanRange(
      tag: entry.key, low: issues.measure(object, "low", in: unit, path), high: issues.measure(object, "high", in: unit, path),
      maxMove: issues.measure(object, "max_move", in: unit, path, isDifference: true))
    issues.requireOrder(object, range.low, range.high, path)
    if isClearlyBelow(range.low, limit.low) || isClearlyBelow(limit.high, range.high) {
      issues.error(
        entry.place, path, "`\(path)` reaches outside the envelope", "stay inside \(plain(limit.low)) … \(plain(limit.high)) \(limit.unit)")
    }
    if range.maxMove <= 0 {
      issues.error(object.place(of: "max_move"), "\(path).max_move", "`\(path).max_move` is not above 0", "write how far one change may go")
    }
    return range
  }
}
