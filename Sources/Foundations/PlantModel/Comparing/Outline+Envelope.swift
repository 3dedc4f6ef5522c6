import TemporalLogic

extension Outline {
  mutating func describe(_ envelope: EnvelopeSpec) {
    add("authority_ceiling", envelope.authorityCeiling.name, .envelope)
    add("heartbeat_timeout", seconds(envelope.heartbeatTimeout), .envelope)
    add("max_changes_per_hour", envelope.maxChangesPerHour.map { "\($0)" }, .envelope)
    for limit in envelope.limits {
      let path = "limits.\(limit.tag)"
      add("\(path).low", limit.low, limit.unit, .envelope)
      add("\(path).high", limit.high, limit.unit, .envelope)
      add("\(path).max_step", limit.maxStep, limit.unit, .envelope)
      add("\(path).max_per_hour", limit.maxPerHour, limit.unit, .envelope)
      add("\(path).max_drift", limit.maxDrift, limit.unit, .envelope)
      add("\(path).hold", limit.hold.text(unit: limit.unit), .envelope)
      add("\(path).authority_ceiling", limit.authorityCeiling?.name, .envelope)
      add("\(path).irreversible", limit.isIrreversible ? "true" : nil, .envelope)
    }
    for interlock in envelope.interlocks {
      add("interlocks.\(interlock.name).when", "\(interlock.condition)", .envelope)
      add("interlocks.\(interlock.name).forbids", tags(interlock.forbids), .envelope)
    }
    for permissive in envelope.permissives {
      add("permissives.\(permissive.name).while", "\(permissive.condition)", .envelope)
      add("permissives.\(permissive.name).permits", tags(permissive.permits), .envelope)
    }
    for limit in envelope.coupledLimits {
      let terms = limit.terms.map { "\($0.signal): \(plain($0.coefficient))" }
      add("coupled.\(limit.name).sum", "{\(terms.joined(separator: ", "))}", .envelope)
      add("coupled.\(limit.name).at_most", limit.atMost, limit.unit, .envelope)
    }
    for property in envelope.properties {
      let path = "properties.\(property.name)"
      add("\(path).formula", "\(property.formula)", .envelope)
      add("\(path).margin", plain(property.margin), .envelope)
      add("\(path).forbids", tags(property.forbids), .envelope)
      add("\(path).allows_restore", "\(property.allowsRestore)", .envelope)
    }
  }

  private func tags(_ names: [String]) -> String { names.isEmpty ? "every tag" : list(names) }
}

extension HoldPolicy {
  /// As the plant folder writes it.
  public func text(unit: String) -> String {
    switch self {
    case .keep: "keep"
    case .lastKnownGood: "last_known_good"
    case .fixed(let value): "{fixed: \(measured(value, unit))}"
    case .local: "local"
    }
  }
}
