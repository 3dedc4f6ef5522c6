import Determinism
import Inference
import LineModel
import PlantModel
import Probability
public import Quantities

/// What was timed of the stations that tell no state, to be learnt from: seconds of one core each, so it may be done elsewhere.
public struct InferenceRequest: Sendable {
  /// Up to when the record was heard.
  public let at: Instant
  let stations: [(index: Int, name: String, model: UnseenStation, seen: [SeenCompletion])]
  let draws: Int
  let stream: RandomStream

  /// Completions that it rests on, by station.
  public var completions: Int { stations.reduce(0) { $0 + $1.seen.count } }

  /// A pure function of the request: the same on every core. Stations of which too little was seen are left out.
  public func run() -> InferredStations {
    InferredStations(
      at: at,
      stations: stations.compactMap { station in
        let own = stream.split(station.name)
        guard let posterior = try? station.model.infer(from: station.seen, own) else { return nil }
        return InferredStation(station.index, station.model, posterior, station.seen, draws: draws, own.split("resampling"))
      })
  }
}

/// Posteriors of stations that tell no state.
public struct InferredStations: Sendable, Hashable {
  /// When what they rest on was heard.
  public let at: Instant
  let stations: [InferredStation]
}

/// What completions told of one station.
struct InferredStation: Sendable, Hashable {
  struct Draw: Sendable, Hashable {
    var work: Double
    var workCV: Double
    var failure: (interval: Double, length: Law)?
    var shortStop: (interval: Double, length: Law)?

    static func == (a: Draw, b: Draw) -> Bool {
      a.work == b.work && a.workCV == b.workCV && a.failure?.interval == b.failure?.interval && a.failure?.length == b.failure?.length
        && a.shortStop?.interval == b.shortStop?.interval && a.shortStop?.length == b.shortStop?.length
    }
    func hash(into hasher: inout Hasher) {
      hasher.combine(work)
      hasher.combine(workCV)
    }
  }
  let index: Int
  /// Equally probable.
  let draws: [Draw]
  let parts: Int
  /// How many failures and short stops are likely to lie in what was seen.
  let failures: Int
  let shortStops: Int

  init(_ index: Int, _ model: UnseenStation, _ posterior: Posterior, _ seen: [SeenCompletion], draws count: Int, _ stream: RandomStream) {
    self.index = index
    var luck = stream
    var chosen = posterior.resampled(count, luck.split("choice"))
    luck.shuffle(&chosen)
    let quantities = model.quantities
    let made = chosen.map { x in
      func value(_ quantity: UnseenStation.Quantity) -> Double? { quantities.firstIndex(of: quantity).map { Portable.exp(x[$0]) } }
      func stops(_ interval: UnseenStation.Quantity, _ length: UnseenStation.Quantity, _ stops: UnseenStation.Stops?) -> (Double, Law)? {
        guard let stops, let interval = value(interval), let length = value(length) else { return nil }
        return (interval, stops.shape.scaled(by: length / stops.shape.mean))
      }
      return Draw(
        work: value(.work)!, workCV: value(.workCV)!, failure: stops(.failureInterval, .repair, model.failures),
        shortStop: stops(.shortStopInterval, .shortStop, model.shortStops))
    }
    draws = made
    let done = seen.filter { !$0.isOpen }
    parts = done.reduce(0) { $0 + $1.parts }
    let work = made.reduce(0) { $0 + $1.work } / Double(made.count) * done.reduce(0) { $0 + Double($1.parts) / $1.speed }
    func expected(_ interval: (Draw) -> Double?) -> Int {
      let intervals = made.compactMap(interval)
      return intervals.isEmpty ? 0 : Int((intervals.reduce(0) { $0 + work / $1 } / Double(intervals.count)).rounded())
    }
    (failures, shortStops) = (expected { $0.failure?.interval }, expected { $0.shortStop?.interval })
  }
}

extension UnseenStation {
  /// What the plant folder leads to expect of a station, as weakly as of those that tell their state (`StationPosterior`).
  init(_ station: Station, resolution: Double) {
    let failure = station.failure
    self.init(
      work: LognormalPrior(median: station.cycle.mean, spread: 0.15),
      workCV: LognormalPrior(median: min(max(station.cycle.cv, 0.02), 1), spread: 0.7),
      failures: Stops(
        interval: LognormalPrior(median: failure?.timeToFailure.mean ?? 28_800, spread: 0.8),
        length: LognormalPrior(median: station.believedRepair.mean, spread: 0.6), shape: station.believedRepair),
      shortStops: station.microstop.map {
        Stops(
          interval: LognormalPrior(median: $0.interval.mean, spread: 0.8), length: LognormalPrior(median: $0.length.mean, spread: 0.6),
          shape: $0.length)
      }, resolution: resolution)
  }
}

extension StationParameters {
  /// Puts what was inferred in the place of what no state has told. Stops come at the rated speed's rate at every speed.
  mutating func take(_ draw: InferredStation.Draw) {
    (cycle, cycleCV, productCycles) = (draw.work, min(draw.workCV, 1), productCycles.map { $0 * draw.work / cycle })
    if let failure = draw.failure {
      (mtbf, failureExponent, mttr, mttrCV) = (failure.interval, 0, failure.length.mean, failure.length.cv)
      (timeToFailure, repair) = (nil, failure.length)
    }
    if let stop = draw.shortStop {
      (microstopInterval, microstopExponent, microstopLength, microstopLengthCV) = (stop.interval, 0, stop.length.mean, stop.length.cv)
      shortStop = stop.length
    }
  }
}
