#if canImport(Glibc)
  import Glibc
#endif

extension Machine {
  /// Speed set-point / rated speed.
  var setRatio: Double { speed.value / truth.speed.rated }

  /// How far a worn machine is driven beyond what it bears, 0 to 1.
  var setStrain: Double { min(1, max(0, (speed.value - truth.wear.from) / truth.wear.band)) }

  /// True mean seconds per part at the speed in force.
  var cycleMean: Double { 60 / speed.value * truth.cycle.slow * (1 + truth.wear.slow * setStrain) }

  /// Share of parts spoilt here, at the speed of the part in hand and where the variables stand now.
  var scrapProbability: Double {
    let over = max(0, ratio - truth.scrap.speedFrom)
    var p = truth.scrap.base + truth.scrap.speed * over * over + truth.wear.always + truth.wear.scrap * strain
    for variable in variables { p += variable.spoilt(ratio: ratio) }
    return min(p, 0.95)
  }

  /// Failures per operating second.
  var failureRate: Double {
    truth.failure.map { pow(ratio, $0.speedExponent) / ($0.mtbfHours * 3600) } ?? 0
  }

  /// Micro-stops per operating second.
  var microstopRate: Double {
    truth.microstop.map { pow(ratio, $0.speedExponent) / ($0.everyMinutes * 60) } ?? 0
  }

  /// Begins or resumes work at `now`, up to the end of the part or the next stop, whichever comes first.
  mutating func beginStretch(at now: Double) {
    let toFail = failureRate > 0 ? toFailure / failureRate : .infinity
    let toHold = microstopRate > 0 ? toMicrostop / microstopRate : .infinity
    stretchStart = now
    if workLeft <= min(toFail, toHold) {
      (phase, due) = (.working(.finish), now + workLeft)
    } else if toFail <= toHold {
      (phase, due) = (.working(.failure), now + toFail)
    } else {
      (phase, due) = (.working(.microstop), now + toHold)
    }
    if use != .execute { enter(.execute, at: now) }
    suspendDue = .infinity
  }

  /// Books the stretch that ends at `now` as operating time.
  mutating func endStretch(at now: Double) {
    let dt = now - stretchStart
    workLeft = max(0, workLeft - dt)
    toFailure = max(0, toFailure - dt * failureRate)
    toMicrostop = max(0, toMicrostop - dt * microstopRate)
  }
}
