public import Ledger
public import Quantities

/// The argument that Takt makes for every plant, with indicators from the plant's own ledger.
public struct StandardCase: Sendable, Hashable, Codable {
  /// How old evidence may grow, and what counts as a breach. Spans are of plant time.
  public struct Limits: Sendable, Hashable, Codable {
    /// A takeover must have been tried within this span.
    public var takeoverAge: Duration = .hours(24 * 90)
    /// So must the way back, by a change that really went back.
    public var rollbackAge: Duration = .hours(24 * 90)
    /// And have taken no longer than this.
    public var rollbackTime: Duration = .hours(2)
    /// The twin must have been told to be valid within this span.
    public var twinAge: Duration = .hours(24 * 7)
    /// The share of kept changes that may do harm later, 0…1.
    public var falsePromotion = 0.1
    /// Calls for a person an hour, on average of the last day.
    public var alarmsPerHour = 1.0
    /// Calls for a person in any one hour of that day.
    public var alarmsInAnHour = 12
    /// As above.
    public init() {}
  }
  /// What the indicators are held against.
  public var limits: Limits

  /// With the limits that are documented, or a plant's own.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// The argument as it stands at `now`.
  ///
  /// - Parameters:
  ///   - plant: the plant's name.
  ///   - audit: what the ledger says.
  ///   - ledger: what `verifyLedger` said of the ledger that the audit read.
  public func argument(for plant: String, _ audit: LedgerAudit, ledger: LedgerVerification, at now: Instant) -> AssuranceCase {
    func leaf(_ id: String, _ text: String, _ indicator: Indicator) -> ArgumentNode {
      ArgumentNode(.solution, id, text, indicator: indicator.seen(at: now))
    }
    return AssuranceCase(
      name: plant, at: now,
      nodes: [
        ArgumentNode(
          .goal, "G1", "Takt does not move \(plant) outside its envelope, and every move is undone in time", supportedBy: ["S1"],
          inContextOf: ["C1", "A1"]),
        ArgumentNode(.context, "C1", "The plant folder's envelope, owned by the safety role"),
        ArgumentNode(.assumption, "A1", "Independent safety systems stand outside this software"),
        ArgumentNode(
          .strategy, "S1", "Over the parts of a change: decided, written, judged, undone, and recorded", supportedBy: ["G2", "G3", "G4", "G5"],
          inContextOf: ["J1"]),
        ArgumentNode(
          .justification, "J1", "The protocol between them is explored whole (Tests/ProtocolTests); its safeguards are each shown to be needed"),
        ArgumentNode(.goal, "G2", "Nothing is written but what was decided inside the envelope", supportedBy: ["Sn1", "Sn2"]),
        ArgumentNode(.goal, "G3", "A person can always take over, and the way back works", supportedBy: ["Sn3", "Sn4", "Sn8"]),
        ArgumentNode(.goal, "G4", "What is kept is worth keeping", supportedBy: ["Sn5", "Sn6"], inContextOf: ["C2"]),
        ArgumentNode(.context, "C2", "Proof and judgement are conditional on the twin's validity"),
        ArgumentNode(.goal, "G5", "What happened can be shown", supportedBy: ["Sn7"]),
        leaf("Sn1", "Every write had a durable intent", intentFirst(audit)),
        leaf("Sn2", "No write outside the envelope", insideEnvelope(audit)),
        leaf("Sn3", "Takeover tested", takeover(audit)),
        leaf("Sn4", "Rollback proven", rollback(audit, now)),
        leaf("Sn8", "Alarm rate", alarms(audit, now)),
        leaf("Sn5", "Judge's false promotions", falsePromotions(audit)),
        leaf("Sn6", "Twin valid", twin(audit)),
        leaf("Sn7", "Ledger intact", intact(ledger, audit)),
      ])
  }
}
