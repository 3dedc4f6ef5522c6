internal import Quantities
internal import Telemetry

/// Gathers samples into one block per tag, in the order in which the tags first appear.
struct BlockBuilder {
  private var order: [String] = []
  private var byTag: [String: [Sample]] = [:]

  mutating func add(_ sample: Sample, to tag: String) {
    if byTag[tag] == nil { order.append(tag) }
    byTag[tag, default: []].append(sample)
  }

  var isEmpty: Bool { order.isEmpty }

  /// The blocks; a tag whose samples change between numbers and text yields one block for each stretch.
  func blocks() -> [SampleBlock] {
    order.flatMap { tag -> [SampleBlock] in
      var blocks: [SampleBlock] = []
      var stretch: [Sample] = []
      for sample in byTag[tag] ?? [] {
        if let last = stretch.last, (last.value.number == nil) != (sample.value.number == nil) {
          blocks.append(Self.block(tag, stretch))
          stretch = []
        }
        stretch.append(sample)
      }
      if !stretch.isEmpty { blocks.append(Self.block(tag, stretch)) }
      return blocks
    }
  }

  private static func block(_ tag: String, _ samples: [Sample]) -> SampleBlock {
    let numbers = samples.compactMap(\.value.number)
    let values: SampleBlock.Values =
      numbers.count == samples.count
      ? .numbers(numbers) : .texts(samples.map { if case .text(let s) = $0.value { s } else { "" } })
    return SampleBlock(
      tag: tag, instants: samples.map(\.instant), arrivals: samples.map(\.arrival), values: values, qualities: samples.map(\.quality))
  }
}
