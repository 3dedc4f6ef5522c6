import EventKernel
import Probability

/// A vehicle of a fleet.
struct Vehicle: BitwiseCopyable {
  enum Phase: UInt8, BitwiseCopyable { case idle, approaching, hauling, waiting }
  var phase = Phase.idle
  var fleet: Int32
  var way: Int32 = -1
  /// The buffer that it stands at, or −1.
  var place: Int32 = -1
  var firstLoad: Int32
  /// Parts that it has come for, then parts on it.
  var load: Int32 = 0
  var idleSince: UInt64 = 0
  var since = 0.0

  init(fleet: Int32, firstLoad: Int32) { (self.fleet, self.firstLoad) = (fleet, firstLoad) }
}

/// What went over one way.
struct Way: BitwiseCopyable {
  var trips = 0
  var parts = 0
  var busy = 0.0
}

extension LineRun {
  /// Sends idle vehicles where parts wait and find room, to those parts first that have waited longest.
  mutating func dispatchVehicles() {
    while let (t, v) = nextTrip() { send(v, t) }
  }

  private mutating func nextTrip() -> (way: Int, vehicle: Int)? {
    var best: (way: Int, vehicle: Int)?
    var longest = Double.infinity
    for (t, way) in compiled.line.transports.enumerated() {
      let waiting = buffers[way.from].queue.count - buffers[way.from].claimed
      guard waiting >= way.least, buffers[way.to].capacity - buffers[way.to].queue.count - buffers[way.to].reserved >= way.least,
        let vehicle = idleVehicle(of: way)
      else { continue }
      let since = buffers[way.from].queue[buffers[way.from].claimed].since
      if since < longest { (best, longest) = ((t, vehicle), since) }
    }
    return best
  }

  /// One that stands at the pick-up already, else the one that has been idle longest.
  private mutating func idleVehicle(of way: TransportSpec) -> Int? {
    var best: Int?
    for v in 0..<vehicles.count where vehicles[v].phase == .idle && Int(vehicles[v].fleet) == way.fleet {
      if Int(vehicles[v].place) == way.from { return v }
      if best.map({ vehicles[v].idleSince < vehicles[$0].idleSince }) ?? true { best = v }
    }
    return best
  }

  private mutating func send(_ v: Int, _ t: Int) {
    let way = compiled.line.transports[t]
    let room = buffers[way.to].capacity - buffers[way.to].queue.count - buffers[way.to].reserved
    let load = min(way.load, min(buffers[way.from].queue.count - buffers[way.from].claimed, room))
    buffers[way.from].claimed += load
    buffers[way.to].reserved += load
    (vehicles[v].way, vehicles[v].load, vehicles[v].since) = (Int32(t), Int32(load), now)
    vehicles[v].phase = .approaching
    if Int(vehicles[v].place) == way.from { return pickUp(v, t) }
    calendar.schedule(compiled.slots.vehicles + v, at: now + draw(compiled.transportDice[t].approach), Kind.vehicle)
  }

  /// It has reached the pick-up, or the place where its load goes.
  mutating func vehicleArrives(_ v: Int) {
    let t = Int(vehicles[v].way)
    if vehicles[v].phase == .approaching { pickUp(v, t) } else { unload(v, t) }
  }

  private mutating func pickUp(_ v: Int, _ t: Int) {
    let way = compiled.line.transports[t]
    let planned = Int(vehicles[v].load)
    let load = min(planned, buffers[way.from].queue.count)
    buffers[way.from].claimed -= planned
    buffers[way.to].reserved -= planned - load
    if load < planned { agenda.append(.room(way.to)) }
    vehicles[v].load = Int32(load)
    vehicles[v].place = Int32(way.from)
    for k in 0..<load {
      var part = buffers[way.from].queue.takeFirst()
      book(taken: part, from: way.from)
      if part.cards & buffers[way.from].endsCards != 0 { giveBack(&part, part.cards & buffers[way.from].endsCards) }
      loads[Int(vehicles[v].firstLoad) + k] = part
    }
    if traces { note(.level, way.from, buffers[way.from].queue.count) }
    if load == 0 { return idle(v, t) }
    agenda.append(.room(way.from))
    vehicles[v].phase = .hauling
    calendar.schedule(compiled.slots.vehicles + v, at: now + draw(compiled.transportDice[t].haul), Kind.vehicle)
  }

  private mutating func unload(_ v: Int, _ t: Int) {
    let way = compiled.line.transports[t]
    let load = Int(vehicles[v].load)
    buffers[way.to].reserved -= load
    for k in 0..<load { put(loads[Int(vehicles[v].firstLoad) + k], into: way.to) }
    ways[t].trips += 1
    ways[t].parts += load
    vehicles[v].place = Int32(way.to)
    agenda.append(.parts(way.to))
    idle(v, t)
  }

  private mutating func idle(_ v: Int, _ t: Int) {
    ways[t].busy += now - vehicles[v].since
    vehicles[v].phase = .idle
    vehicles[v].idleSince = tickets
    tickets &+= 1
    dispatchVehicles()
  }
}
