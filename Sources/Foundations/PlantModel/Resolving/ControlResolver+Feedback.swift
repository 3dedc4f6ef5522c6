import Quantities

extension ControlResolver {
  /// What a foreign run-to-run loop's owner declares; nil where nothing is, or where it cannot be read.
  ///
  /// - Parameter cadence: of the loop, seconds; NaN where it could not be read.
  mutating func feedback(_ root: ObjectReading, cadence: Double) -> FeedbackSpec? {
    guard let object = root.object("feedback") else { return nil }
    let place = root.place(of: "feedback")
    if root.text("program") == LoopSpec.builtIn {
      issues.error(
        place, "feedback", "`feedback` is declared of the built-in loop, whose feedback the twin knows", "remove it, or name a program of your own")
    }
    if root.text("owner") == nil {
      issues.error(place, "feedback", "`feedback` is declared by nobody", "add `owner`, the person who answers for what is declared")
    }
    let period = object.number("period"), settling = object.number("settling")
    if period > cadence {
      issues.error(
        object.place(of: "period"), "feedback.period", "`feedback.period` is longer than `cadence`, so the loop may move sooner than declared",
        "write a longer `cadence`, or the period that holds")
    }
    guard let gain = object.object("gain"), let delay = object.object("delay"),
      let form = object.text("form").flatMap(FeedbackSpec.Form.init(rawValue:)), let least = delay.whole("low"), let most = delay.whole("high")
    else { return nil }
    let low = gain.number("low"), high = gain.number("high")
    if low > high { issues.error(gain.place(of: "low"), "feedback.gain.low", "`feedback.gain.low` is above `high`", "write the lower end first") }
    if least > most {
      issues.error(delay.place(of: "low"), "feedback.delay.low", "`feedback.delay.low` is above `high`", "write the lower end first")
    }
    guard low <= high, least <= most else { return nil }
    return FeedbackSpec(
      form: form, weight: object.number("weight"), gain: low...high, delay: least...most, period: duration(period), settling: duration(settling))
  }
}
