internal import Crypto
internal import Foundation
internal import PlantModel

/// Tells decoys from real proposals, with a secret that the people who approve do not have.
///
/// Every proposal carries a seal, HMAC-SHA-256 (RFC 2104) under the secret over id and kind; whoever has no secret cannot tell one kind from
/// the other. Which proposals are followed by a decoy is decided by the secret as well, so that it can be replayed.
public struct DecoySecret: Hashable, Sendable {
  private let secret: String
  public init(_ secret: String) { self.secret = secret }

  func seal(_ id: ChangeID, isDecoy: Bool) -> String { Hex.text(of: digest("\(id.name) \(isDecoy ? "decoy" : "real")")) }

  func isDecoy(_ proposal: Proposal) -> Bool { proposal.seal == seal(proposal.id, isDecoy: true) }

  /// Whether a decoy follows this change: true for `share` of all.
  func follows(_ id: ChangeID, share: Double) -> Bool {
    let number = digest("after \(id.name)").prefix(6).reduce(0.0) { $0 * 256 + Double($1) }
    return number / 0x1p48 < share
  }

  private func digest(_ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8))))
  }
}
