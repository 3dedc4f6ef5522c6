/// An object-centric event log as it is written, in either notation: objects and events, nothing resolved yet.
struct OCELDocument: Decodable {
  var objects: [Object] = []
  var events: [Event] = []

  struct Object: Decodable {
    var id: String
    var type: String
  }
  struct Event: Decodable {
    var id: String
    var type: String
    var time: String
    var attributes: [Attribute]?
    var relationships: [Relationship]?
    /// Where it begins, in XML.
    var line: Int?

    private enum CodingKeys: CodingKey { case id, type, time, attributes, relationships }
  }
  struct Attribute: Decodable {
    var name: String
    var value: Scalar
  }
  struct Relationship: Decodable {
    var objectId: String
  }
  /// A string, number or truth value as text.
  struct Scalar: Decodable {
    var text: String
    init(_ text: String) { self.text = text }
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else if let flag = try? container.decode(Bool.self) {
        text = flag ? "true" : "false"
      } else {
        text = "\(try container.decode(Double.self))"
      }
    }
  }
}
