/// What may come with a command.
public struct CommandBody: Sendable, Hashable, Codable {
  /// Why, for the ledger.
  public var reason: String?
  /// The hash of what was looked at: a change's binding, a plan's or an envelope's content.
  public var binding: String?
  /// Under `binding`, where governance.yaml asks for signatures.
  public var signature: SignedWord?
  public init(reason: String? = nil, binding: String? = nil, signature: SignedWord? = nil) {
    (self.reason, self.binding, self.signature) = (reason, binding, signature)
  }

  var isEmpty: Bool { reason == nil && binding == nil && signature == nil }
  /// The reason, cut to what a ledger should hold.
  var why: String { String((reason ?? "").prefix(500)) }
}
