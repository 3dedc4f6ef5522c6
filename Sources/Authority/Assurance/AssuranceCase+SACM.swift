internal import Quantities

extension AssuranceCase {
  /// The argument for other tools, in the words of OMG's Structured Assurance Case Metamodel: one argument package of claims, reasonings,
  /// artifact references and the assertions that bind them.
  ///
  /// Element and attribute names are the metamodel's; the serialisation is plain XML, not the XMI of a particular tool, because none is
  /// agreed on. An indicator travels as tagged values of its artifact reference; a defeated claim is marked `defeated`.
  ///
  /// - Source: OMG, Structured Assurance Case Metamodel 2.2 (omg.org/spec/SACM/2.2), argumentation; R. Wei, T. P. Kelly, X. Dai, S. Zhao,
  ///   R. Hawkins 2019, doi:10.1016/j.jss.2019.05.013 (GSN in it).
  public var sacm: String {
    var parts = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<sacm:AssuranceCasePackage xmlns:sacm=\"http://www.omg.org/spec/SACM/2.2\" gid=\"case\" name=\"\(escaped(name))\">",
      "  <argumentPackage gid=\"argument\" name=\"\(escaped(name)) at \(at.iso8601)\">",
    ]
    for node in nodes { parts += element(node) }
    for node in nodes {
      for (index, id) in node.supportedBy.enumerated() where self.node(id)?.kind != .strategy {
        parts.append(
          relation(self.node(id)?.kind == .solution ? "AssertedEvidence" : "AssertedInference", "\(node.id).s\(index + 1)", of: node, by: id))
      }
      for (index, id) in node.inContextOf.enumerated() { parts.append(relation("AssertedContext", "\(node.id).c\(index + 1)", of: node, by: id)) }
    }
    return (parts + ["  </argumentPackage>", "</sacm:AssuranceCasePackage>", ""]).joined(separator: "\n")
  }

  private func element(_ node: ArgumentNode) -> [String] {
    let text = "      <content>\(escaped(node.text))</content>"
    switch node.kind {
    case .goal:
      let declaration =
        switch status(of: node.id) {
        case .good: "asserted"
        case .unknown: "needsSupport"
        case .bad: "defeated"
        }
      return ["    <Claim gid=\"\(node.id)\" assertionDeclaration=\"\(declaration)\">", text, "    </Claim>"]
    case .assumption: return ["    <Claim gid=\"\(node.id)\" assertionDeclaration=\"assumed\">", text, "    </Claim>"]
    case .justification: return ["    <Claim gid=\"\(node.id)\" assertionDeclaration=\"axiomatic\">", text, "    </Claim>"]
    case .strategy: return ["    <ArgumentReasoning gid=\"\(node.id)\">", text, "    </ArgumentReasoning>"]
    case .context: return ["    <ArtifactReference gid=\"\(node.id)\">", text, "    </ArtifactReference>"]
    case .solution:
      var parts = ["    <ArtifactReference gid=\"\(node.id)\">", text]
      if let indicator = node.indicator {
        parts.append(tag("status", indicator.status.rawValue))
        parts.append(tag("finding", indicator.finding))
        if let evidence = indicator.evidence { parts.append(tag("evidence", evidence.iso8601)) }
        if let expires = indicator.expires { parts.append(tag("expires", expires.iso8601)) }
      }
      return parts + ["    </ArtifactReference>"]
    }
  }

  private func tag(_ key: String, _ value: String) -> String { "      <taggedValue key=\"\(key)\">\(escaped(value))</taggedValue>" }

  /// A strategy is the reasoning of the inference, as SACM has it: its supporters support the goal above it.
  private func relation(_ name: String, _ gid: String, of node: ArgumentNode, by id: String) -> String {
    let above = node.kind == .strategy ? nodes.first { $0.supportedBy.contains(node.id) } : nil
    let reasoning = above != nil && name != "AssertedContext" ? " reasoning=\"\(node.id)\"" : ""
    let target = name == "AssertedContext" ? node.id : above?.id ?? node.id
    return "    <\(name) gid=\"\(gid)\" source=\"\(id)\" target=\"\(target)\"\(reasoning)/>"
  }
}
