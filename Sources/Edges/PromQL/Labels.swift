/// The labels of a series, the metric's name among them as `__name__`; sorted by name, no value empty.
public struct Labels: Sendable, Hashable, Comparable {
  public struct Pair: Sendable, Hashable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  public static let nameLabel = "__name__"
  public private(set) var pairs: [Pair]

  /// A name given twice keeps its last value; an empty value is no label.
  public init(_ pairs: [Pair] = []) {
    self.pairs = []
    for pair in pairs { self[pair.name] = pair.value }
  }

  /// Nil and the empty text mean that the label is not there.
  public subscript(name: String) -> String? {
    get { pairs.first { $0.name == name }?.value }
    set {
      let place = pairs.firstIndex { $0.name >= name } ?? pairs.count
      let isThere = place < pairs.count && pairs[place].name == name
      switch (newValue ?? "", isThere) {
      case ("", true): pairs.remove(at: place)
      case ("", false): break
      case (let value, true): pairs[place].value = value
      case (let value, false): pairs.insert(Pair(name, value), at: place)
      }
    }
  }

  /// Only these labels.
  func keeping(_ names: Set<String>) -> Labels { Labels(sorted: pairs.filter { names.contains($0.name) }) }

  /// Without these labels.
  func dropping(_ names: Set<String>) -> Labels { Labels(sorted: pairs.filter { !names.contains($0.name) }) }

  var withoutName: Labels { dropping([Self.nameLabel]) }

  private init(sorted pairs: [Pair]) { self.pairs = pairs }

  public static func < (a: Labels, b: Labels) -> Bool {
    for (x, y) in zip(a.pairs, b.pairs) where x != y { return (x.name, x.value) < (y.name, y.value) }
    return a.pairs.count < b.pairs.count
  }
}
