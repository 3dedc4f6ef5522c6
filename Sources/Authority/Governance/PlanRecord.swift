internal import PlantModel

/// The signatures under one change plan.
public struct PlanRecord: Hashable, Sendable, Codable {
  public var name: String
  /// SHA-256 of the content that was signed.
  public var plan: String
  public var signedBy: [Person]
  public init(name: String, plan: String, signedBy: [Person]) { (self.name, self.plan, self.signedBy) = (name, plan, signedBy) }
}
