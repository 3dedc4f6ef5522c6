import Determinism
import Inference
import PlantModel
import Quantities

/// Stations that tell no state are learnt from what was timed of them. The work is asked for at a calibration, and its result counts from the next
/// one on, so that it does not matter how long another core takes for it: the record and the seed still give one calibration.
extension Twin {
  /// Names of the stations that tell no state and are followed by counts or levels.
  public var unseenStations: [String] { plant.stations.indices.filter { record.unseen[$0] != nil }.map { plant.stations[$0].name } }

  /// Takes the answer to `inferenceRequest` in, to count from the next calibration on.
  public mutating func adopt(_ inferred: InferredStations) {
    guard inferred.at > adopted ?? .distantPast else { return }
    awaiting = inferred
    adopted = inferred.at
    if inferenceRequest?.at == inferred.at { inferenceRequest = nil }
  }

  /// At a calibration: what was inferred by now counts, and once there is half as much more to learn from, or half a day has passed, it is asked for anew.
  mutating func inferUnseen(at now: Instant) {
    if let inferred = awaiting {
      for station in inferred.stations { calibrator.inferred[station.index] = station }
      awaiting = nil
    }
    let request = makeInferenceRequest(at: now)
    guard let request, request.completions >= 100 else { return }
    let isDue = lastInference.map { Double(request.completions) >= 1.5 * Double($0.completions) || now - $0.at >= .hours(12) } ?? true
    guard isDue else { return }
    lastInference = (now, request.completions)
    if configuration.infersItself { adopt(request.run()) } else { inferenceRequest = request }
  }

  /// Nil where every station tells its state.
  private func makeInferenceRequest(at now: Instant) -> InferenceRequest? {
    let stations = plant.stations.indices.compactMap { s -> (index: Int, name: String, model: UnseenStation, seen: [SeenCompletion])? in
      guard let tracker = record.unseen[s] else { return nil }
      let since = now - configuration.memory
      let timed = tracker.timed.filter { $0.at >= since }
      let factors = Self.productFactors(timed, present: record.stations[s].product)
      var seen = timed.map { SeenCompletion(seconds: $0.seconds, parts: $0.parts, speed: $0.speed * (factors[$0.product] ?? 1)) }
      if let seconds = tracker.underWay(at: now), seconds > 0 {
        seen.append(SeenCompletion(seconds: seconds, parts: 1, speed: max(record.stations[s].ratio, 0.1), isOpen: true))
      }
      return (s, plant.stations[s].name, UnseenStation(plant.stations[s], resolution: tracker.resolution), seen)
    }
    guard !stations.isEmpty else { return nil }
    return InferenceRequest(
      at: now, stations: stations, draws: configuration.draws,
      stream: RandomStream(seed: seed, "twin", "inference").split(Int(now.nanoseconds / 1_000_000_000)))
  }

  /// By product: how much faster it is worked on than the present one, by the medians of what was timed; of few, nothing is said.
  private static func productFactors(_ timed: [UnseenTracker.Timed], present: Int) -> [Int: Double] {
    func median(of product: Int) -> Double? {
      let own = timed.filter { $0.product == product }.map { $0.seconds * $0.speed / Double($0.parts) }.sorted()
      return own.count >= 50 ? own[own.count / 2] : nil
    }
    guard let here = median(of: present) else { return [:] }
    var factors: [Int: Double] = [:]
    for product in Set(timed.map(\.product)).sorted() where product != present { factors[product] = median(of: product).map { here / $0 } }
    return factors
  }
}
