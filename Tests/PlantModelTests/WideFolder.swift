import Foundation

/// A plant folder without an issue that uses everything that a line may be made of.
enum WideFolder {
  static let plant = """
    plant: wide
    path: acme/lyon/parts/wide
    prices: {currency: EUR, good: 1, scrap: 0.5}
    starts: Mon 06:00
    calendars:
      two-shift: {week: [Mon-Fri 06:00-22:00, Sat 06:00-12:00], breaks: [10:00-10:15]}
      nights: {day: [22:00-06:00]}
      holiday: {closed: [{from: 30 h, to: 34 h}, {from: 80 h, to: 90 h}]}
      sevens: {closed: [{from: 6 h, to: 7 h}], repeats: 7 h}
    crews:
      Fitters: {count: 2, skills: [mechanic, setter], calendar: two-shift}
      Welders: {count: 3}
    tools: {Crane: 1, Fixture: {count: 4, calendar: nights}}
    products:
      Red: {priority: 2, route: [Saw, {at: Mill, cycle: 4 min}, AtPaint]}
      Blue: {route: [Saw, AtPaint]}
      Lid: {}
    buffers:
      AtSaw: {capacity: unlimited}
      AtMill: {capacity: 20}
      AtPaint: {capacity: 40}
      Belt: {conveyor: {length: 12 m, speed: 0.5 m/s, pitch: 0.8 m}, accumulates: false}
      Boxes: {capacity: 60}
      Far: {capacity: 60}
      Lids: {capacity: 30, headway: 2 s}
      Direct: {capacity: 0}
      Left: {capacity: 5}
      Right: {capacity: 5}
    sources:
      Stock:
        into: AtSaw
        interval: {exponential: 6 min}
        mix: {Red: 60 %, Blue: 40 %}
        limit: 5000
        overflow: lost
        interruption: {interval: {exponential: 8 h}, length: {exponential: 20 min}}
        calendar: two-shift
      Customers:
        into: AtSaw
        orders:
          J1: {product: Red, quantity: 4, due: 8 h}
          J2: {product: Blue, quantity: 2, release: 1 h, due: 9 h}
    stations:
      Saw:
        in: AtSaw
        out: route
        cycle_by_product: {Red: 2 min, Blue: 3 min, Lid: 1 min}
        dispatch: earliest_due
        calendar: two-shift
      Mill:
        in: AtMill
        out: route
        cycle: 5 min
        machines: 2
        preempts: true
        failure: {time_to_failure: {weibull: {mean: 40 h, shape: 1.4}}, repair: 1 h, clock: calendar, work: restarts, needs: mechanic}
        failures: {Spindle: {time_to_failure: {exponential: 90 h}, repair: 3 h, work: scrapped, needs: {mechanic: 2}}}
        microstops: {Chip: {interval: {exponential: 20 min}, length: 15 s}}
        maintenance: {Grease: {every: 8 h, clock: operating, length: 10 min, needs: mechanic}, Filter: {parts: 500, length: 20 min}}
        wear: {per_part: {gamma: {mean: 1, cv: 0.4}}, replace_at: 300, replacement: 4 min, needs: setter, breaks_at: 400, breakage: 30 min, scrap_when_worn: 3 %, scrap_exponent: 2}
        rework: {into: AtMill, attempts: 2}
        scrap: 2 %
      Paint:
        in: AtPaint
        out: Belt
        batch: {least: 4, most: 8}
        cycle: 8 min
        changeover: 10 min
        setup: {matrix: {Red: {Blue: 25 min}}, initial: Blue, needs: setter}
        needs: {Welders: 1, Crane: 1}
        latent_defects: 1 %
        power: {working: 40 kW, standing: 15 kW}
        process_variables:
          Temperature:
            unit: Cel
            set: 180 Cel
            low: 150 Cel
            high: 210 Cel
            defects: {optimum: 185 Cel, off_by: 10 K, share: 4 %}
            sensor: {low: 0 Cel, high: 300 Cel, resolution: 0.5 K, noise: 1 K}
            dynamics: {time_constant: 5 min, standing: 60 Cel, standing_time_constant: 1 h, noise: 2 K}
      Split:
        in: Belt
        out: {disassembly: {Boxes: 2, Lids: {count: 1, product: Lid}}}
        cycle: 20 s
      Inspect:
        in: Far
        out: {chance: {sink: 90 %, Direct: 10 %}}
        cycle: 30 s
        inspection: {sensitivity: 95 %}
      Mend:
        in: Direct
        out: {emptiest: [Left, Right]}
        cycle: 2 min
      Finish:
        in: {Left: 1, Right: 2}
        out: sink
        cycle: 1 min
      Store:
        in: Lids
        out: sink
        cycle: 10 s
    fleets: {Forklifts: {vehicles: 2}}
    transports:
      Way: {fleet: Forklifts, from: Boxes, to: Far, load: 8, least: 4, approach: 40 s, haul: 90 s}
    cards:
      Kanban: {cards: 12, taken_by: [Mill], back_at: AtPaint}
      Conwip: {cards: 90, taken_by: [Stock, Customers]}
    """

  static let files: [String: String] = [
    "plant.yaml": plant, "envelope.yaml": "authority_ceiling: shadow\n", "connections.yaml": "clock: system\nline_protocol: {station_key: station}\n",
  ]

  /// The folder with `old` replaced by `new` in the plant, once.
  static func replacing(_ old: String, by new: String) -> [String: String] {
    guard let range = plant.range(of: old) else { fatalError("the plant holds no \(old)") }
    var edited = files
    edited["plant.yaml"] = plant.replacingCharacters(in: range, with: new)
    return edited
  }
}
