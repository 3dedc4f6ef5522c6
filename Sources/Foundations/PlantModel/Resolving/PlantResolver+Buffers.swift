import Probability
import Quantities

// Buffers, conveyors and sources.
extension PlantResolver {
  mutating func buffer(_ name: String, _ object: ObjectReading) -> Buffer {
    let path = "buffers.\(name)"
    if let tag = object.text("level_tag") {
      add(
        Tag(path: tag, kind: .count, unit: "1", low: 0, high: nil, staleAfter: staleAfter), of: "\(path).level_tag", at: object.place(of: "level_tag")
      )
    }
    let belt = object.object("conveyor")
    let length = belt?.number("length") ?? .nan, speed = belt?.number("speed") ?? .nan, pitch = belt?.number("pitch") ?? .nan
    if let belt, pitch > length {
      issues.error(
        belt.place(of: "pitch"), "\(path).conveyor.pitch", "not one part fits on `\(name)`", "make `pitch` at most \(plain(length)) m, the length")
    }
    if !object.has("capacity"), !object.has("conveyor") {
      issues.error(
        object.place, "\(path).capacity", "`capacity` is missing in `\(path)`", "add `capacity: 30` (parts that it holds), or its `conveyor`")
    }
    var buffer = Buffer(
      name: name, capacity: capacity(of: name) ?? Buffer.unlimited,
      transit: duration(object.number("transit", or: belt == nil ? 0 : length / speed)), levelTag: object.text("level_tag"))
    buffer.headway = duration(object.number("headway", or: belt == nil ? 0 : pitch / speed))
    buffer.accumulates = object.flag("accumulates") ?? true
    for (key, value) in [("transit", buffer.transit), ("headway", buffer.headway)] where buffer.capacity == 0 && value > .zero {
      issues.error(
        object.place(of: key), "\(path).\(key)", "nothing can travel through `\(name)`, which holds 0 parts", "give it room, or leave `\(key)` out")
    }
    if !buffer.accumulates, object.values["accumulates"] != nil, !object.has("conveyor"), object.number("transit", or: 0) == 0 {
      issues.error(
        object.place(of: "accumulates"), "\(path).accumulates", "`\(name)` is no belt: its parts do not travel", "add its `transit` or its `conveyor`"
      )
    }
    return buffer
  }

  /// Parts that a buffer holds, as declared or by its geometry; nil where that could not be read.
  func capacity(of buffer: String) -> Int? {
    guard let object = root.entries("buffers").first(where: { $0.key == buffer })?.object else { return nil }
    if object.has("capacity") { return object.whole("capacity") }
    guard let belt = object.object("conveyor") else { return nil }
    let places = belt.number("length") / belt.number("pitch")
    return places.isFinite && places < 1e6 ? max(1, Int((places + 1e-9).rounded(.down))) : nil
  }

  mutating func source(_ name: String, _ object: ObjectReading) -> Source {
    let path = "sources.\(name)"
    let into = object.text("into").flatMap { reference($0, "buffer", among: bufferNames, at: object.place(of: "into"), "\(path).into") }
    let lot = object.has("lot") ? object.whole("lot") ?? 1 : 1
    if let into, let capacity = capacity(of: into), lot > capacity {
      issues.error(
        object.place(of: "lot"), "\(path).lot", "a lot of \(lot) never fits into `\(into)`, which holds \(capacity)",
        "make `lot` at most \(capacity), or the buffer larger")
    }
    var source = Source(name: name, into: into ?? "", lot: lot, interval: object.law("interval") ?? .constant(1))
    for key in ["lot", "mix", "campaign"] where object.has("orders") && object.has(key) {
      issues.error(
        object.keys[key] ?? object.place, "\(path).\(key)", "`\(key)` stands beside `orders`, which say all of it", "remove `\(key)` or `orders`")
    }
    source.orders = orders(object, path)
    source.mix = mix(object, path)
    source.campaign = campaign(object, path)
    source.limit = object.whole("limit")
    source.isLossy = object.text("overflow") == "lost"
    source.interruption = object.object("interruption").map {
      Interruption(interval: $0.law("interval") ?? .constant(1), length: $0.law("length") ?? .constant(1))
    }
    source.calendar = calendarName(object, path)
    return source
  }

  private mutating func campaign(_ object: ObjectReading, _ path: String) -> [ProductRun] {
    if object.has("campaign"), object.has("mix") {
      issues.error(
        object.keys["mix"] ?? object.place, "\(path).mix", "`mix` stands beside `campaign`, which says what comes when", "remove `mix` or `campaign`")
    }
    return object.entries("campaign").compactMap { entry in
      guard let product = reference(entry.key, "product", among: productNames, at: entry.place, "\(path).campaign.\(entry.key)"),
        case .whole(let quantity)? = entry.value?.content
      else { return nil }
      return ProductRun(product: product, quantity: quantity)
    }
  }

  private mutating func mix(_ object: ObjectReading, _ path: String) -> [ProductShare] {
    let entries = object.entries("mix")
    var shares: [ProductShare] = entries.compactMap { entry in
      guard let product = reference(entry.key, "product", among: productNames, at: entry.place, "\(path).mix.\(entry.key)") else { return nil }
      guard case .number(let share)? = entry.value?.content else { return nil }
      return ProductShare(product: product, share: share)
    }
    if shares.count == entries.count {
      let whole = wholeShares(shares.map(\.share), object.place(of: "mix"), "\(path).mix")
      shares = zip(shares, whole).map { ProductShare(product: $0.product, share: $1) }
    }
    shares.sort { productNames.firstIndex(of: $0.product) ?? 0 < productNames.firstIndex(of: $1.product) ?? 0 }
    return shares
  }

  /// Shares that add up to 1: rounded ones (33.3333 %) are stretched, others refused.
  mutating func wholeShares(_ shares: [Double], _ place: Place, _ path: String) -> [Double] {
    let sum = shares.reduce(0, +)
    if shares.isEmpty || (sum - 1).magnitude <= 1e-12 { return shares }
    if (sum - 1).magnitude <= 1e-4 { return shares.map { $0 / sum } }
    let percent = (sum * 1e8).rounded() / 1e6
    issues.error(place, path, "the shares of `\(path)` add up to \(plain(percent)) %", "let them add up to 100 %")
    return shares
  }

  /// Whether parts travel on it.
  func isConveyor(_ buffer: String) -> Bool {
    guard let object = root.entries("buffers").first(where: { $0.key == buffer })?.object else { return false }
    return object.has("conveyor") || object.number("transit", or: 0) > 0 || object.number("headway", or: 0) > 0
  }

  private mutating func orders(_ object: ObjectReading, _ path: String) -> [Order] {
    var last = 0.0
    return object.entries("orders").compactMap { entry in
      guard let inner = entry.object else { return nil }
      let path = "\(path).orders.\(entry.key)"
      let release = inner.number("release", or: 0), due = inner.number("due")
      if release < last {
        issues.error(
          inner.place(of: "release"), "\(path).release", "the order `\(entry.key)` is released before the one above it",
          "write the orders in order of release")
      }
      if release.isFinite { last = max(last, release) }
      if due < release {
        issues.error(inner.place(of: "due"), "\(path).due", "the order `\(entry.key)` is due before it is released", "make it due after its release")
      }
      var product = inner.text("product").flatMap { reference($0, "product", among: productNames, at: inner.place(of: "product"), "\(path).product") }
      if !inner.has("product") {
        product = productNames.first
        if productNames.count > 1 {
          issues.error(
            inner.place, "\(path).product", "the order `\(entry.key)` does not say which product it wants",
            "add `product`, one of: \(productNames.prefix(16).joined(separator: ", "))")
        }
      }
      return Order(
        name: entry.key, product: product, quantity: inner.whole("quantity") ?? 1, release: duration(release),
        due: inner.has("due") ? duration(due) : nil)
    }
  }
}
