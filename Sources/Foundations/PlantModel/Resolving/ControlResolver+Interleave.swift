extension ControlResolver {
  /// The like machines of a loop's rollout. They are those of its set-points; whether they can be each other's control is asked of the plant.
  ///
  /// - Parameter moves: the loop's set-points.
  mutating func interleave(_ rollout: ObjectReading, _ moves: [String]) -> InterleaveSpec? {
    guard let object = rollout.object("interleave") else { return nil }
    let place = rollout.place(of: "interleave"), path = "rollout.interleave"
    if rollout.has("switchback") {
      issues.error(
        place, path, "`\(path)` stands beside `switchback`",
        "keep `interleave` where like machines can be each other's control in the same minutes, `switchback` where one must be its own")
    }
    guard let plant else { return InterleaveSpec(calendar: calendar(object), machines: []) }
    let machines = plant.machines(moving: moves)
    // What is wrong with the tags themselves was said where they stand.
    if !moves.isEmpty, moves.allSatisfy({ tag in plant.setpoints.contains { $0.tag == tag } }), let flaw = plant.flaw(interleaving: machines) {
      issues.error(place, path, flaw.problem, flaw.remedy)
    }
    return InterleaveSpec(calendar: calendar(object), machines: machines)
  }
}
