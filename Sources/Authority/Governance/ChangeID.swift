/// The name of one change, such as `brisk-otter-17`: short enough to say on the telephone, never used twice.
public struct ChangeID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public let name: String

  /// A name as a person typed it; it need not exist.
  public init(_ name: String) { self.name = name }

  /// The name of change number `number` (from 0) of a plant whose names start at `seed`.
  ///
  /// An affine walk through all adjective-noun-number triples: bijective for 368 640 numbers, after which a fourth part counts the rounds.
  public init(number: UInt64, seed: UInt64) {
    let adjectives = UInt64(Self.adjectives.count)
    let nouns = UInt64(Self.nouns.count)
    let size = adjectives * nouns * 90
    // 193 939 is prime and divides no factor of `size`, so the walk meets each triple once; neighbours differ in every part.
    let place = ((number % size) * 193_939 + seed % size) % size
    let round = number / size
    let adjective = Self.adjectives[Int(place % adjectives)]
    let noun = Self.nouns[Int(place / adjectives % nouns)]
    let suffix = round == 0 ? "" : "-\(round + 1)"
    name = "\(adjective)-\(noun)-\(10 + place / (adjectives * nouns))\(suffix)"
  }

  public var description: String { name }
  public static func < (a: ChangeID, b: ChangeID) -> Bool { a.name < b.name }

  public init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  // Words that cannot be mistaken for one another on a bad line. Append only: a changed list renames nothing, but reads oddly beside old names.
  private static let adjectives = """
    amber brisk calm clever cosy crisp daring eager early fair fancy fleet fond gentle glad golden grand happy hardy honest humble jolly keen kind \
    lively loyal lucky mellow merry mighty mild modest neat noble orange patient plain pleasant polite prime proud purple quick quiet rapid ready \
    robust rosy royal rural silver simple smooth snug solid steady stout sunny swift tidy tranquil upright velvet witty
    """.split(separator: " ").map(String.init)
  private static let nouns = """
    badger beaver bison bobcat camel canary cheetah cobra condor cougar coyote dolphin donkey eagle falcon ferret finch gazelle gecko giraffe \
    gopher hamster heron hippo hornet iguana jackal jaguar kestrel koala lemur leopard lizard llama lobster lynx magpie marmot meerkat mole \
    monkey moose narwhal ocelot osprey otter panda panther parrot pelican penguin puffin python rabbit raccoon raven salmon seal sparrow tiger \
    toucan turtle walrus zebra
    """.split(separator: " ").map(String.init)
}
