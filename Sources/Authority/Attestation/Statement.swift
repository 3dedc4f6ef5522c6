/// What is said about which files: an in-toto Statement, version 1, with Takt's predicate.
///
/// - Source: github.com/in-toto/attestation, spec/v1/statement.md.
public struct Statement: Sendable, Hashable, Codable {
  /// What an envelope calls a statement; the statement's own type; and its predicate's.
  public static let payloadType = "application/vnd.in-toto+json"
  public static let type = "https://in-toto.io/Statement/v1"
  public static let predicateType = "urn:takt:evidence:v1"

  /// One file by its content.
  public struct Subject: Sendable, Hashable, Codable {
    /// Its path in the bundle.
    public var name: String
    /// By algorithm; here `sha256`, lower-case hex.
    public var digest: [String: String]
    /// - Parameter sha256: 64 lower-case hexadecimal digits.
    public init(name: String, sha256: String) { (self.name, digest) = (name, ["sha256": sha256]) }
  }

  /// What was found when the bundle was made, and what a stranger must find again.
  public struct Predicate: Sendable, Hashable, Codable {
    /// The change's name.
    public var change: String
    /// How the change ended; `open` where it has not.
    public var end: String
    /// The version of Takt that wrote the bundle.
    public var takt: String
    /// Entries in the ledger when the bundle was made, the root of the tree over them (RFC 6962), and the last entry's hash.
    public var ledgerCount: UInt64
    public var ledgerRoot: String
    public var ledgerHead: String
    /// The hash of the governor's state after the bundle's last entry.
    public var state: String
    /// The hashes of the plant folder and of its envelope that were in force when the change was proposed; nil where no fact says.
    public var revision: String?
    public var envelope: String?
  }

  /// `_type`, `subject`, `predicateType` and `predicate` are the names of the specification.
  public var _type = Statement.type
  public var subject: [Subject]
  public var predicateType = Statement.predicateType
  public var predicate: Predicate

  /// Of Takt's type.
  public init(subject: [Subject], predicate: Predicate) { (self.subject, self.predicate) = (subject, predicate) }
}
