/// One field in which two revisions of a plant folder differ.
public struct PlantChange: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// What the line is made of and how it is wired: stations, buffers, sources, routes, tags, units. A twin calibrated before it
    /// starts anew.
    case structural
    /// A number or law that the design believes, a price, a range.
    case parameter
    /// The envelope: the safety role's.
    case envelope
    case loop
    case connection
  }

  /// The field as the folder names it, e.g. `stations.Filler.cycle`, `limits.Filler/MachSpeed.low`, `loops.setpoints.cadence`.
  public var path: String
  /// As it would be written; nil where the field is new.
  public var old: String?
  /// As it would be written; nil where the field is gone.
  public var new: String?
  public var kind: Kind

  public init(path: String, old: String?, new: String?, kind: Kind) {
    (self.path, self.old, self.new, self.kind) = (path, old, new, kind)
  }
}

extension PlantChange: CustomStringConvertible {
  /// `stations.Filler.cycle: 2.5 s → 2.4 s (parameter)`.
  public var description: String { "\(path): \(old ?? "-") → \(new ?? "-") (\(kind.rawValue))" }
}

extension PlantFolder {
  /// Every field in which two revisions differ in meaning: comments, order of keys and other spellings of the same value are no change.
  ///
  /// In the order of the new revision's fields; fields that are gone follow, in the old one's order.
  public static func diff(from old: PlantFolder, to new: PlantFolder) -> [PlantChange] {
    let before = old.outline, after = new.outline
    let oldTexts = Dictionary(before.map { ($0.path, $0.text) }, uniquingKeysWith: { a, _ in a })
    let newPaths = Set(after.map(\.path))
    let changed = after.compactMap { line in
      oldTexts[line.path] == line.text ? nil : PlantChange(path: line.path, old: oldTexts[line.path], new: line.text, kind: line.kind)
    }
    return changed + before.filter { !newPaths.contains($0.path) }.map { PlantChange(path: $0.path, old: $0.text, new: nil, kind: $0.kind) }
  }
}
