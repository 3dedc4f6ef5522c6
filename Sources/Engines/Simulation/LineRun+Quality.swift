import Determinism
import EventKernel

/// What becomes of a finished part: judged, scrapped, reworked.
struct Quality: BitwiseCopyable {
  var scrap = 0.0
  var latentDefect = 0.0
  var inspects = false
  var sensitivity = 0.0
  var falseReject = 0.0
  var scrapWhenWorn = 0.0
  var scrapExponent = 1.0
  var replaceAt = Double.infinity
  var breaksAt = Double.infinity

  init(_ spec: StationSpec) {
    (scrap, latentDefect, inspects) = (spec.scrap, spec.latentDefect, spec.inspection != nil)
    (sensitivity, falseReject) = (spec.inspection?.sensitivity ?? 0, spec.inspection?.falseReject ?? 0)
    if let wear = spec.wear {
      (scrapWhenWorn, scrapExponent, replaceAt, breaksAt) = (wear.scrapWhenWorn, wear.scrapExponent, wear.replaceAt, wear.breaksAt)
    }
  }
}

extension LineRun {
  /// Looks at a finished part; true where it is rejected. One draw of each purpose a part, whatever comes of the others.
  mutating func isRejected(_ i: Int, _ part: inout Part) -> Bool {
    let quality = qualities[Int(machines[i].station)]
    let die = Int(machines[i].judgement)
    let isScrap = chance(die, machines[i].extra >= 0 ? scrapNow(i, quality) : quality.scrap)
    let isFound = quality.inspects && chance(die &+ 1, part.isDefective ? quality.sensitivity : quality.falseReject)
    if chance(die &+ 2, quality.latentDefect) { part.isDefective = true }
    return isScrap || isFound
  }

  /// The share of parts that are spoilt here now: by nature, by a worn tool, by conditions off their optimum.
  private mutating func scrapNow(_ i: Int, _ quality: Quality) -> Double {
    let e = Int(machines[i].extra)
    var p = quality.scrap
    if quality.scrapWhenWorn > 0 && quality.replaceAt.isFinite {
      p += quality.scrapWhenWorn * Portable.pow(max(extras[e].wear, 0) / quality.replaceAt, quality.scrapExponent)
    }
    let first = Int(extras[e].firstCondition)
    for c in first..<first + Int(extras[e].conditionCount) {
      let off = conditions[c].value(at: now) - conditions[c].optimum
      p += conditions[c].curvature * off * off
    }
    return min(max(p, 0), 1)
  }

  /// Tells the conditions of a machine that it begins or ceases to work.
  mutating func turnConditions(_ i: Int, from old: UInt8, to new: UInt8) {
    let e = Int(machines[i].extra)
    if (old == Account.working) == (new == Account.working) { return }
    let first = Int(extras[e].firstCondition)
    for c in first..<first + Int(extras[e].conditionCount) { conditions[c].turn(works: new == Account.working, at: now) }
  }

  /// A part is rejected at a plain machine.
  mutating func reject(_ i: Int, _ part: Part) {
    machines[i].rejected &+= 1
    if traces { note(.rejected, i, machines[i].rejected) }
    scrap(part)
  }

  /// A part is thrown away.
  mutating func scrap(_ part: Part) {
    tally.scrapped &+= 1
    if keepsRecords { products[Int(part.product)].scrapped += 1 }
    if part.order >= 0 { orders[Int(part.order)].end(isGood: false, at: now) }
    var part = part
    if part.cards != 0 { giveBack(&part, part.cards) }
  }

  /// A stop spoils what is under way.
  mutating func scrapInHand(_ i: Int) {
    guard machines[i].holdsPart else { return }
    machines[i].holdsPart = false
    machines[i].work = 0
    let e = Int(machines[i].extra)
    let count = e >= 0 && extras[e].batchMost > 0 ? Int(extras[e].held) : 0
    machines[i].produced += max(count, 1)
    machines[i].rejected += max(count, 1)
    if traces {
      note(.produced, i, machines[i].produced)
      note(.rejected, i, machines[i].rejected)
    }
    if count == 0 { scrap(machines[i].part) }
    for k in 0..<count { scrap(held[Int(extras[e].firstHeld) + k]) }
    guard e >= 0 else { return }
    extras[e].held = 0
    let need = Int(extras[e].activeNeed)
    extras[e].activeNeed = -1
    release(need: need)
  }
}
