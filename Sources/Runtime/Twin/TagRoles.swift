import PlantModel

/// What each tag of a plant means to the twin.
struct TagRoles: Sendable {
  enum Role: Sendable {
    case state(Int), processed(Int), defective(Int), speed(Int), toolCount(Int)
    /// Index into `variables`, `setpoints`, and the plant's buffers.
    case variable(Int), setpoint(Int), level(Int)
    case product, order

    /// Which of two readings of one instant goes first: kind by kind, and by index.
    var rank: Int {
      switch self {
      case .setpoint(let i): i
      case .variable(let i): 1_000_000 + i
      case .product: 2_000_000
      case .order: 2_000_001
      case .processed(let i): 3_000_000 + i
      case .defective(let i): 4_000_000 + i
      case .level(let i): 5_000_000 + i
      case .state(let i): 6_000_000 + i
      case .speed(let i): 7_000_000 + i
      case .toolCount(let i): 8_000_000 + i
      }
    }
  }
  struct Variable: Sendable {
    var tag: String
    var setpoint: SetpointSpec?
    /// Possible values of an optimum.
    var range: ClosedRange<Double>?
    var defectsSeenAt: [String]
  }

  private(set) var roles: [String: Role] = [:]
  let variables: [Variable]
  let setpoints: [SetpointSpec]
  /// For each station, the set-point that is its speed.
  let speedSetpoint: [Int?]
  /// For each station, the variables whose defects are seen there.
  let scrapVariables: [[Int]]

  init(_ plant: Plant) {
    setpoints = plant.setpoints
    var variables: [Variable] = []
    for station in plant.stations {
      for variable in station.processVariables {
        let tag = plant.tag(variable.tag)
        let (low, high) = (variable.setpoint?.low ?? tag?.low, variable.setpoint?.high ?? tag?.high)
        let range: ClosedRange<Double>? = if let low, let high, high > low { low...high } else { nil }
        variables.append(Variable(tag: variable.tag, setpoint: variable.setpoint, range: range, defectsSeenAt: variable.defectsSeenAt))
      }
    }
    self.variables = variables
    let setpoints = setpoints
    speedSetpoint = plant.stations.map { station in setpoints.firstIndex { $0.tag == station.speed?.setpoint.tag } }
    scrapVariables = plant.stations.map { station in
      variables.indices.filter { variables[$0].defectsSeenAt.contains(station.name) && variables[$0].range != nil }
    }
    for (i, setpoint) in setpoints.enumerated() { roles[setpoint.tag] = .setpoint(i) }
    for (i, variable) in variables.enumerated() { roles[variable.tag] = .variable(i) }
    for (i, buffer) in plant.buffers.enumerated() { if let tag = buffer.levelTag { roles[tag] = .level(i) } }
    for (i, station) in plant.stations.enumerated() {
      if let tag = station.tags.state { roles[tag] = .state(i) }
      if let tag = station.tags.processed { roles[tag] = .processed(i) }
      if let tag = station.tags.defective { roles[tag] = .defective(i) }
      if let tag = station.tags.speed { roles[tag] = .speed(i) }
      if let tag = station.wear?.countTag { roles[tag] = .toolCount(i) }
    }
    for tag in plant.tags where tag.kind == .text {
      let metric = tag.path.split(separator: "/").last.map(String.init) ?? tag.path
      if metric == "ProductId" { roles[tag.path] = .product }
      if metric == "OrderId" { roles[tag.path] = .order }
    }
  }
}
