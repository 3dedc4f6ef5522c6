import Foundation
import MQTT
import Quantities
import ReferenceEdge
import ReferencePlants

/// The plant at a broker, at a multiple of the wall clock's pace, until it is told to stop.
struct LiveRun {
  var broker: BrokerAddress
  var options: RunOptions
  var live: LiveOptions

  func run() throws {
    let stop = StopSignal()
    var plant = try options.plant(startingAt: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
    let truth = try TruthFile(options.truthLog)
    let session = MQTTOptions(
      host: broker.host, port: broker.port, clientID: "takt-plant-\(plant.truth.group)-\(plant.truth.node)", maxBackOffSeconds: 2)
    let edge: SparkplugPlant
    do {
      edge = try SparkplugPlant(session, plant: plant, primaryHost: live.primaryHost, report: { say($0) })
    } catch {
      throw Failure("cannot speak MQTT: \(error)")
    }
    let pid = ProcessInfo.processInfo.processIdentifier
    say("\(plant.truth.name), seed \(plant.seed), scenario \(options.scenario.rawValue), \(live.speed) x wall time, pid \(pid)")
    let clock = ContinuousClock()
    // With --wait-for-birth plant time stands still until somebody can see it.
    var begin: ContinuousClock.Instant? = live.waitForBirth ? nil : clock.now
    var published = clock.now
    while !stop.isRaised {
      if begin == nil, edge.isBorn { begin = clock.now }
      if let begin {
        let elapsed = (clock.now - begin) / .seconds(1) * live.speed
        plant.advance(to: max(plant.now, min(elapsed, (options.hours ?? .infinity) * 3600)))
      }
      let publishes = (clock.now - published) / .milliseconds(1) >= live.publishMs
      if publishes { published = clock.now }
      edge.poll(&plant, publishes: publishes)
      try truth.take(from: &plant)
      if let hours = options.hours, plant.now >= hours * 3600 { break }
      stop.wait(milliseconds: 20)
    }
    plant.finish()
    edge.stop(&plant)
    try truth.take(from: &plant)
    try truth.close()
    say("stopped after \((plant.now / 36).rounded() / 100) plant hours, \(edge.published) messages", at: plant.now, plant.instant)
  }
}
