/// The model descriptions of the test units, in both versions.
public enum Descriptions {
  private struct Entry {
    var name: String
    var reference: Int
    var attributes = ""
    var type = "Real"
    /// FMI 2: the place of the state from 1; FMI 3: its reference.
    var derivative: (place: Int, reference: Int)?
  }

  private static let entries: [String: [Entry]] = [
    "dahlquist": [
      Entry(name: "x", reference: 0, attributes: #"causality="output" initial="exact" start="1""#),
      Entry(name: "der(x)", reference: 1, derivative: (1, 0)),
      Entry(name: "k", reference: 2, attributes: #"causality="parameter" variability="tunable" start="1" min="0""#),
    ],
    "heater": [
      Entry(name: "T", reference: 0, attributes: #"causality="output" initial="exact" start="20" unit="degC""#),
      Entry(name: "der(T)", reference: 1, derivative: (1, 0)),
      Entry(name: "k", reference: 2, attributes: #"causality="parameter" variability="tunable" start="10" unit="K/kW" min="0""#),
      Entry(name: "tau", reference: 3, attributes: #"causality="parameter" variability="tunable" start="30" unit="s" min="0""#),
      Entry(name: "ambient", reference: 4, attributes: #"causality="parameter" variability="fixed" start="20" unit="degC""#),
      Entry(name: "u", reference: 5, attributes: #"causality="input" start="0" unit="kW""#),
      Entry(name: "steps", reference: 6, type: "Integer"),
      Entry(name: "lag", reference: 7, attributes: #"causality="parameter" variability="fixed" start="0" unit="s""#),
      Entry(name: "isWarm", reference: 0, type: "Boolean"),
    ],
    "ball": [
      Entry(name: "h", reference: 0, attributes: #"causality="output" initial="exact" start="1""#),
      Entry(name: "v", reference: 1, attributes: #"causality="output" initial="exact" start="0""#),
      Entry(name: "bounce", reference: 2), Entry(name: "bounces", reference: 3, type: "Integer"),
    ],
    "faulty": [
      Entry(name: "y", reference: 0, attributes: #"causality="output""#),
      Entry(name: "fault", reference: 1, attributes: #"causality="parameter" variability="fixed" start="0""#, type: "Integer"),
    ],
  ]

  private static let types3 = ["Real": "Float64", "Integer": "Int8", "Boolean": "Boolean"]

  public static func xml(_ source: String, _ major: Int) -> String {
    let entries = entries[source]!
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
    let canSave = #"canGetAndSetFMU\#(major == 2 ? "state" : "State")="true" canHandleVariableCommunicationStepSize="true""#
    let token = major == 2 ? "guid" : "instantiationToken"
    lines.append(#"<fmiModelDescription fmiVersion="\#(major).0" modelName="\#(source)" \#(token)="{takt}">"#)
    lines.append(#"<CoSimulation modelIdentifier="\#(source)" \#(canSave)/>"#)
    lines.append(
      #"<UnitDefinitions><Unit name="degC"><BaseUnit K="1" offset="273.15"/></Unit><Unit name="s"><BaseUnit s="1"/></Unit>"#
        + #"<Unit name="kW"><BaseUnit kg="1" m="2" s="-3" factor="1000"/></Unit><Unit name="K/kW"/></UnitDefinitions>"#)
    lines.append(#"<DefaultExperiment startTime="0" stopTime="10" stepSize="0.1"/>"#)
    lines.append("<ModelVariables>")
    for entry in entries {
      let isTyped = entry.attributes
      if major == 2 {
        // start, unit, min, max and derivative stand in the type's element.
        let inner = ["start", "unit", "min"].compactMap { key in isTyped.firstMatch(of: try! Regex(#"\b\#(key)="[^"]*""#)).map { String($0.0) } }
        let outer = inner.reduce(isTyped) { $0.replacing($1, with: "") }
        let derivative = entry.derivative.map { #" derivative="\#($0.place)""# } ?? ""
        lines.append(
          #"<ScalarVariable name="\#(entry.name)" valueReference="\#(entry.reference)" \#(outer)>"#
            + "<\(entry.type) \(inner.joined(separator: " "))\(derivative)/></ScalarVariable>")
      } else {
        let derivative = entry.derivative.map { #" derivative="\#($0.reference)""# } ?? ""
        lines.append(#"<\#(types3[entry.type]!) name="\#(entry.name)" valueReference="\#(entry.reference)" \#(isTyped)\#(derivative)/>"#)
      }
    }
    if major == 3 { lines.append(#"<Float64 name="time" valueReference="999" causality="independent" variability="continuous"/>"#) }
    if major == 3 { lines.append(#"<Float64 name="all" valueReference="100"><Dimension start="3"/></Float64>"#) }
    lines.append("</ModelVariables><ModelStructure>")
    let outputs = entries.indices.filter { entries[$0].attributes.contains("output") }
    let derivatives = entries.indices.filter { entries[$0].derivative != nil }
    if major == 2 {
      lines.append("<Outputs>" + outputs.map { "<Unknown index=\"\($0 + 1)\"/>" }.joined() + "</Outputs>")
      lines.append("<Derivatives>" + derivatives.map { "<Unknown index=\"\($0 + 1)\"/>" }.joined() + "</Derivatives>")
    } else {
      lines.append(outputs.map { "<Output valueReference=\"\(entries[$0].reference)\"/>" }.joined())
      lines.append(derivatives.map { "<ContinuousStateDerivative valueReference=\"\(entries[$0].reference)\"/>" }.joined())
    }
    lines.append("</ModelStructure></fmiModelDescription>")
    return lines.joined(separator: "\n")
  }
}
