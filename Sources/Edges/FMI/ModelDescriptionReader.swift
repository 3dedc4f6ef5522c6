import FMUHost
import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

extension ModelDescription {
  /// Reads modelDescription.xml of FMI 2.0 or 3.0.
  ///
  /// - Parameter file: the FMU's path, for what is told of it.
  /// - Throws: `description` with every fault; `unsupported` for another version of the standard.
  public init(_ xml: [UInt8], file: String) throws(FMIError) {
    let parser = XMLParser(data: Data(xml))
    parser.shouldResolveExternalEntities = false
    let reader = ModelDescriptionReader()
    parser.delegate = reader
    let isWhole = parser.parse() && parser.parserError == nil
    if let version = reader.otherVersion {
      throw .unsupported(file: file, problem: "it is of FMI \(version)", remedy: "export it as FMI 2.0 or 3.0")
    }
    if !isWhole {
      let words = parser.parserError.map { $0.localizedDescription } ?? "it ends too early"
      reader.fault(max(1, parser.lineNumber), "xml", "is broken here (\(words))", "export the FMU again")
    }
    reader.finish()
    if !reader.faults.isEmpty { throw .description(file: file, faults: reader.faults) }
    self = reader.model
  }
}

/// The state of one parse.
private final class ModelDescriptionReader: NSObject, XMLParserDelegate {
  var model = ModelDescription()
  private(set) var faults: [DescriptionFault] = []
  private(set) var otherVersion: String?
  private var sawRoot = false
  private var path: [String] = []
  private var types: [String: [String: String]] = [:]
  private var typeName = ""
  private var unitName = ""
  /// The variable that is being read: its attributes, and of FMI 3 its dimensions.
  private var open: (line: Int, element: String, attributes: [String: String])?
  private var aliases: [String] = []
  private var dimensions: [(line: Int, start: Int?, reference: UInt32?)] = []
  /// What refers to other variables, looked up at the end.
  private var lines: [Int] = []
  private var derivativeOf: [Int?] = []
  private var pendingDimensions: [(variable: Int, dimensions: [(line: Int, start: Int?, reference: UInt32?)])] = []
  private var structure: [(line: Int, element: String, isOutput: Bool, index: String?)] = []

  private static let types3: [String: VariableType] = [
    "Float64": .float64, "Float32": .float32, "Int8": .int8, "UInt8": .uint8, "Int16": .int16, "UInt16": .uint16, "Int32": .int32, "UInt32": .uint32,
    "Int64": .int64, "UInt64": .uint64, "Boolean": .boolean, "Enumeration": .enumeration, "String": .string, "Binary": .binary, "Clock": .clock,
  ]
  private static let types2: [String: VariableType] = [
    "Real": .float64, "Integer": .int32, "Boolean": .boolean, "Enumeration": .enumeration, "String": .string,
  ]

  func fault(_ line: Int, _ element: String, _ problem: String, _ remedy: String) {
    if faults.count < 20 { faults.append(DescriptionFault(line: line, element: element, problem: problem, remedy: remedy)) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?, attributes: [String: String] = [:]
  ) {
    defer { path.append(name) }
    let line = parser.lineNumber
    if path.isEmpty { return root(parser, line, name, attributes) }
    switch path.dropFirst().first ?? name {
    case "CoSimulation" where path.count == 1: coSimulation(line, attributes)
    case "ModelExchange" where path.count == 1: model.hasModelExchange = true
    case "DefaultExperiment" where path.count == 1:
      model.experiment = .init(
        startTime: number(line, name, attributes, "startTime"), stopTime: number(line, name, attributes, "stopTime"),
        tolerance: number(line, name, attributes, "tolerance"), stepSize: number(line, name, attributes, "stepSize"))
    case "UnitDefinitions": unit(line, name, attributes)
    case "TypeDefinitions": type(name, attributes)
    case "ModelVariables": variable(line, name, attributes)
    case "ModelStructure": structure(line, name, attributes)
    default: break
    }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI _: String?, qualifiedName _: String?) {
    path.removeLast()
    if path.count == 2, path[1] == "ModelVariables" { closeVariable() }
  }

  private func root(_ parser: XMLParser, _ line: Int, _ name: String, _ attributes: [String: String]) {
    sawRoot = true
    guard name == "fmiModelDescription" else {
      return fault(line, name, "is not the root of a model description", "the root must be <fmiModelDescription>")
    }
    let version = attributes["fmiVersion"] ?? ""
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major == 2 || major == 3 else {
      otherVersion = version.isEmpty ? "no stated version" : version
      return parser.abortParsing()
    }
    (model.major, model.version) = (major, version)
    model.modelName = attributes["modelName"] ?? ""
    model.words = attributes["description"].flatMap { $0.isEmpty ? nil : $0 }
    model.generationTool = attributes["generationTool"]
    let key = major == 2 ? "guid" : "instantiationToken"
    if let token = attributes[key] { model.token = token } else { fault(line, name, "has no \(key)", "write the one that the binary was built with") }
  }

  private func coSimulation(_ line: Int, _ attributes: [String: String]) {
    guard let identifier = attributes["modelIdentifier"], !identifier.isEmpty, !identifier.contains("/") else {
      return fault(line, "CoSimulation", "has no usable modelIdentifier", "write the shared library's name without its ending")
    }
    func flag(_ key: String) -> Bool { attributes[key] == "true" || attributes[key] == "1" }
    model.coSimulation = .init(
      modelIdentifier: identifier, canHandleVariableStep: flag("canHandleVariableCommunicationStepSize"),
      canGetAndSetState: flag(model.major == 2 ? "canGetAndSetFMUstate" : "canGetAndSetFMUState"),
      isOncePerProcess: flag("canBeInstantiatedOnlyOncePerProcess"), needsExecutionTool: flag("needsExecutionTool"))
  }

  private func unit(_ line: Int, _ name: String, _ attributes: [String: String]) {
    switch name {
    case "Unit":
      unitName = attributes["name"] ?? ""
      model.units[unitName] = UnitDefinition()
    case "BaseUnit":
      let powers = ["kg", "m", "s", "A", "K", "mol", "cd", "rad"].map { Int(attributes[$0] ?? "0") ?? 0 }
      model.units[unitName] = UnitDefinition(
        powers: powers, factor: number(line, name, attributes, "factor") ?? 1, offset: number(line, name, attributes, "offset") ?? 0)
    default: break
    }
  }

  /// FMI 2: <SimpleType name><Real …/></SimpleType>; FMI 3: <Float64Type name …/>.
  private func type(_ name: String, _ attributes: [String: String]) {
    if name == "SimpleType" {
      typeName = attributes["name"] ?? ""
    } else if name.hasSuffix("Type"), let own = attributes["name"] {
      types[own] = attributes
    } else if path.last == "SimpleType" {
      types[typeName] = attributes
    }
  }

  private func variable(_ line: Int, _ name: String, _ attributes: [String: String]) {
    if path.count == 2 {
      (open, aliases, dimensions) = ((line, name, attributes), [], [])
    } else if path.count == 3, open != nil {
      switch name {
      case "Alias": if let alias = attributes["name"] { aliases.append(alias) }
      case "Dimension":
        dimensions.append((line, attributes["start"].flatMap { Int($0) }, attributes["valueReference"].flatMap { UInt32($0) }))
      case _ where model.major == 2 && Self.types2[name] != nil:
        // FMI 2 writes type and start in an element of their own.
        open?.element = name
        open?.attributes.merge(attributes.filter { $0.key != "name" }) { old, _ in old }
      default: break
      }
    }
  }

  private func closeVariable() {
    guard let (line, element, attributes) = open else { return }
    open = nil
    let name = attributes["name"] ?? ""
    if name.isEmpty { return fault(line, element, "has no name", "each variable needs one") }
    guard let type = (model.major == 2 ? Self.types2 : Self.types3)[element] else {
      if model.major == 3 { return fault(line, element, "(\(name)) is no type of FMI 3.0", "Float64, Int32, Boolean, … are") }
      return fault(line, "ScalarVariable", "(\(name)) has no type", "put <Real/>, <Integer/>, <Boolean/>, <Enumeration/> or <String/> into it")
    }
    guard let reference = attributes["valueReference"].flatMap({ UInt32($0) }) else {
      return fault(line, element, "(\(name)) has no valueReference", "write a number from 0 to 4294967295")
    }
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ standard: Word) -> Word where Word.RawValue == String {
      guard let text = attributes[key] else { return standard }
      if let word = Word(rawValue: text) { return word }
      fault(line, element, "(\(name)) has the \(key) \(text)", "write one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
      return standard
    }
    let causality = word("causality", Variable.Causality.local)
    let isReal = type == .float64 || type == .float32
    let isFixed = causality == .parameter || causality == .calculatedParameter || causality == .structuralParameter
    let variability = word("variability", isFixed ? Variable.Variability.fixed : isReal ? .continuous : .discrete)
    let declared = attributes["declaredType"].flatMap { types[$0] } ?? [:]
    var variable = Variable(
      name: name, aliases: aliases, slot: Slot(type: type, reference: reference), causality: causality, variability: variability)
    variable.initial =
      attributes["initial"] == nil ? Self.initial(causality, variability, attributes["start"] != nil) : word("initial", Variable.Initial.calculated)
    if type.isNumber, let text = attributes["start"] {
      let words = text.split(whereSeparator: \.isWhitespace).map { Self.number(String($0)) }
      if words.contains(nil) { fault(line, element, "(\(name)) has the start \(text)", "write a number for each value") }
      variable.start = words.compactMap { $0 }
    }
    variable.unit = (attributes["unit"] ?? declared["unit"]).flatMap { $0.isEmpty ? nil : $0 }
    variable.minimum = (attributes["min"] ?? declared["min"]).flatMap(Self.number)
    variable.maximum = (attributes["max"] ?? declared["max"]).flatMap(Self.number)
    variable.words = attributes["description"].flatMap { $0.isEmpty ? nil : $0 }
    if !dimensions.isEmpty { pendingDimensions.append((model.variables.count, dimensions)) }
    model.variables.append(variable)
    lines.append(line)
    derivativeOf.append(attributes["derivative"].flatMap { Int($0) })
  }

  /// What the standard says where nothing is written: FMI 2.0.4 and 3.0.1, the tables of `initial`.
  private static func initial(_ causality: Variable.Causality, _ variability: Variable.Variability, _ hasStart: Bool) -> Variable.Initial? {
    switch causality {
    case .parameter, .structuralParameter: .exact
    case .input, .independent: nil
    case .calculatedParameter, .output, .local, .dependent: variability == .constant ? .exact : .calculated
    }
  }

  private func structure(_ line: Int, _ name: String, _ attributes: [String: String]) {
    if model.major == 2, name == "Unknown", path.count == 3, path[2] == "Outputs" || path[2] == "Derivatives" {
      structure.append((line, name, path[2] == "Outputs", attributes["index"]))
    } else if model.major == 3, name == "Output" || name == "ContinuousStateDerivative" {
      structure.append((line, name, name == "Output", attributes["valueReference"]))
    }
  }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "true": 1
    case "false": 0
    default: Double(text)
    }
  }

  private func number(_ line: Int, _ element: String, _ attributes: [String: String], _ key: String) -> Double? {
    guard let text = attributes[key] else { return nil }
    guard let value = Double(text), value.isFinite else {
      fault(line, element, "has the \(key) \(text)", "write a number")
      return nil
    }
    return value
  }

  /// Joins what refers to each other.
  func finish() {
    if !sawRoot { fault(1, "fmiModelDescription", "is not there", "export the FMU again") }
    if !faults.isEmpty { return }
    let places = Dictionary(model.variables.indices.map { (model.variables[$0].slot.reference, $0) }) { first, _ in first }
    for (variable, dimensions) in pendingDimensions {
      for (line, start, reference) in dimensions {
        let size = start ?? reference.flatMap { places[$0] }.flatMap { model.variables[$0].start.first }.map { Int($0) }
        guard let size, size > 0, size < 1 << 24 else {
          fault(line, "Dimension", "of \(model.variables[variable].name) has no size", "give start, or the valueReference of one that has a start")
          continue
        }
        model.variables[variable].dimensions.append(size)
      }
      model.variables[variable].slot.count = model.variables[variable].dimensions.reduce(1, *)
    }
    for (place, variable) in model.variables.enumerated() where variable.start.count > 1 && variable.start.count != variable.slot.count {
      fault(
        lines[place], "\(variable.slot.type)", "(\(variable.name)) has \(variable.start.count) start values", "it has \(variable.slot.count) values")
    }
    for (line, element, isOutput, text) in structure {
      // FMI 2 counts variables from 1, FMI 3 names their references.
      let place: Int? =
        model.major == 2
        ? text.flatMap { Int($0) }.map { $0 - 1 }.flatMap { model.variables.indices.contains($0) ? $0 : nil }
        : text.flatMap { UInt32($0) }.flatMap { places[$0] }
      guard let place else {
        fault(line, element, "names the variable \(text ?? "")", "it must be one of ModelVariables")
        continue
      }
      if isOutput {
        model.outputs.append(place)
        continue
      }
      let state = derivativeOf[place].flatMap { model.major == 2 ? $0 - 1 : places[UInt32(clamping: $0)] }
      guard let state, model.variables.indices.contains(state) else {
        fault(
          lines[place], "\(model.variables[place].name)", "is listed as a state's derivative and does not say of which",
          "write the attribute derivative")
        continue
      }
      if !model.states.contains(state) { model.states.append(state) }
    }
  }
}
