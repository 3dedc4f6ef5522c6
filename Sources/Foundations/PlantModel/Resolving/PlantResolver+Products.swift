import Probability
import Quantities

// Products, their routes, and the work on them.
extension PlantResolver {
  mutating func product(_ entry: EntryReading) -> Product {
    let path = "products.\(entry.key)"
    return Product(
      name: entry.key, priority: entry.object?.whole("priority") ?? 0,
      route: (entry.object?.list("route") ?? []).compactMap { reading in
        switch reading.content {
        case .text(let name): return stop(name, at: reading.place, "\(path).route").map { RouteStep(buffer: $0) }
        case .object(let object):
          guard let name = object.text("at"), let buffer = stop(name, at: object.place(of: "at"), "\(path).route") else { return nil }
          let cycle = object.law("cycle")
          if cycle != nil { checkStep(buffer, at: object.place(of: "cycle"), "\(path).route") }
          return RouteStep(buffer: buffer, cycle: cycle)
        default: return nil
        }
      })
  }

  /// The buffer of a route's step: itself, or the only one that the station takes from.
  private mutating func stop(_ name: String, at place: Place, _ path: String) -> String? {
    guard let found = reference(name, "station or buffer", among: stationNames + bufferNames, at: place, path) else { return nil }
    if bufferNames.contains(found) { return found }
    let inputs = inputNames(of: found)
    if inputs.count == 1, bufferNames.contains(inputs[0]) { return inputs[0] }
    isFlowCertain = false
    if inputs.count != 1 {
      issues.error(
        place, path, inputs.isEmpty ? "`\(found)` takes from no buffer, so no route can lead there" : "`\(found)` takes from several buffers",
        inputs.isEmpty ? "give it an `in`, or leave it out of the route" : "name the buffer: \(inputs.joined(separator: ", "))")
    }
    return nil
  }

  func inputNames(of station: String) -> [String] {
    guard let object = root.entries("stations").first(where: { $0.key == station })?.object else { return [] }
    return object.text("in").map { [$0] } ?? object.entries("in").map(\.key)
  }

  /// A step's own work, where the speed of whoever happens to do it would scale it: that cannot be told beforehand.
  private mutating func checkStep(_ buffer: String, at place: Place, _ path: String) {
    let takers = stationNames.filter { inputNames(of: $0).contains(buffer) }
    let fast = takers.filter { name in root.entries("stations").first { $0.key == name }?.object?.has("speed") ?? false }
    guard takers.count > 1, let first = fast.first else { return }
    issues.error(
      place, path, "the work at `\(buffer)` is done by \(takers.map { "`\($0)`" }.joined(separator: " or ")), and the speed of `\(first)` can be set",
      "say it at each station, by `cycle_by_product`")
  }

  /// A station without a `cycle` takes a product's own as its general one; each product that comes there must then have its own.
  mutating func fillCycles(_ plant: inout Plant) {
    for (i, entry) in root.entries("stations").filter({ $0.object != nil }).enumerated() {
      guard let object = entry.object, !object.has("cycle"), plant.stations.indices.contains(i) else { continue }
      let station = plant.stations[i]
      var own: [Law] = station.productCycles.map(\.cycle)
      var isComplete = !plant.products.isEmpty
      for product in plant.products where !station.productCycles.contains(where: { $0.product == product.name }) {
        let steps = product.route.filter { step in station.inputs.contains { $0.buffer == step.buffer } }
        own += steps.compactMap(\.cycle)
        let comesNot = !product.route.isEmpty && steps.isEmpty
        if !comesNot, steps.isEmpty || steps.contains(where: { $0.cycle == nil }) { isComplete = false }
      }
      if isComplete, let law = own.first {
        plant.stations[i].cycle = law
      } else if isFlowCertain || plant.products.isEmpty {
        let path = "stations.\(entry.key)"
        issues.error(
          object.place, "\(path).cycle", "`cycle` is missing in `\(path)`",
          "add `cycle: {gamma: {mean: 2.5 s, cv: 0.1}}` (time for one part)"
            + (plant.products.isEmpty ? "" : ", or give every product its own by `cycle_by_product` or in its route"))
      }
    }
  }
}
