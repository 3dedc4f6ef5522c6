import Quantities
import Telemetry
import Twin

extension TwinConfiguration {
  /// Smaller self-tests than in production: tests run unoptimised.
  static var small: TwinConfiguration {
    var configuration = TwinConfiguration()
    configuration.forecastReplications = 16
    return configuration
  }
}

extension Twin {
  /// Feeds samples in steps of 30 s of plant time, in their order of arrival, and lets the twin come to each step's end.
  mutating func follow(_ samples: [(tag: String, sample: Sample)], each: (Twin, Instant) -> Void = { _, _ in }) {
    guard let first = samples.first else { return }
    var end = Instant(seconds: (first.sample.arrival.seconds / 30).rounded(.up) * 30)
    for (tag, sample) in samples {
      while sample.arrival > end {
        advance(to: end)
        each(self, end)
        end += Duration.seconds(30)
      }
      observe(SampleBlock(tag: tag, sample))
    }
    // What is still within the allowed lateness counts too.
    for _ in 0..<4 {
      advance(to: end)
      each(self, end)
      end += Duration.seconds(30)
    }
  }
}
