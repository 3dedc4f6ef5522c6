// The shapes of what flows, and where it waits.
extension Shapes {
  static let buffer = Shape(
    name: "buffer", meaning: "A first-in-first-out buffer or conveyor.",
    fields: [
      Field(
        "capacity", .whole(0...1_000_000, or: "unlimited"), .optional("as many as fit on the `conveyor`"), example: "30",
        "Parts that it holds; 0: handed over from machine to machine."),
      Field("transit", .quantity("s", .notNegative), .optional("0 s"), example: "6 s", "How long a part travels before it may be taken."),
      Field(
        "headway", .quantity("s", .notNegative), .optional("0 s"), example: "2 s", "Least time between two parts that enter (pitch / speed)."),
      Field(
        "accumulates", .flag, .optional("true"), example: "false", "False: a belt that stops as a whole while the part at its end is not taken."),
      Field(
        "conveyor", .object(conveyor), .optional("given by the figures above"), example: "{length: 12 m, speed: 0.3 m/s, pitch: 0.5 m}",
        "Its geometry, from which capacity, transit and headway follow."),
      Field("level_tag", .tag, .optional("no sensor"), example: "Buffer/B1", "The tag that tells its level."),
    ])

  static let source = Shape(
    name: "source", meaning: "Raw parts that come in lots, or by orders; the source waits while its buffer is full.",
    fields: [
      Field("into", .buffer, .required, example: "B0", "The buffer that it fills."),
      Field("lot", .whole(1...1_000_000), .optional("1"), example: "48", "Parts at a time."),
      Field("interval", .law, .optional("-"), example: "{gamma: {mean: 105 s, cv: 0.25}}", "Time between two lots."),
      Field(
        "orders", .map(key: .text, .object(order)), .optional("-"), example: "{J1: {product: Red, quantity: 40, due: 8 h}}",
        "What is released when, by name of the order, in order of release (push)."),
      Field(
        "mix", .map(key: .reference("product"), .quantity("1", .share)), .optional("the first product alone"), example: "{Red: 60 %, Blue: 40 %}",
        "Shares of the products, drawn part by part; they add up to 1."),
      Field(
        "campaign", .map(key: .reference("product"), .whole(1...1_000_000_000)), .optional("by `mix`"), example: "{Red: 700, Blue: 450}",
        "Products in runs of so many parts, in this order and then all over again."),
      Field("limit", .whole(1...1_000_000_000), .optional("it never ends"), example: "5000", "Parts after which it ends."),
      Field(
        "overflow", .choice(["waits", "lost"]), .optional("waits"), example: "lost", "What becomes of a part that finds no room."),
      Field(
        "interruption", .object(interruption), .optional("none"), example: "{interval: {exponential: 8 h}, length: {exponential: 20 min}}",
        "Interruptions of the supply."),
      Field("calendar", .reference("calendar"), .optional("always"), example: "day", "When it delivers."),
    ],
    oneOf: ["interval", "orders"])

  static let conveyor = Shape(
    name: "conveyor", meaning: "Transit = length / speed, headway = pitch / speed, capacity = length / pitch (whole parts).",
    fields: [
      Field("length", .quantity("m", .positive), .required, example: "12 m", "From end to end."),
      Field("speed", .quantity("m/s", .positive), .required, example: "0.3 m/s", "Of the belt or chain."),
      Field("pitch", .quantity("m", .positive), .required, example: "0.5 m", "Least distance from one part's front to the next one's."),
    ])

  static let interruption = Shape(
    name: "interruption", meaning: "A supply that fails by itself.",
    fields: [
      Field("interval", .law, .required, example: "{exponential: 8 h}", "Time from the end of one to the next."),
      Field("length", .law, .required, example: "{exponential: 20 min}", "How long one lasts."),
    ])

  static let order = Shape(
    name: "order", meaning: "So many parts of a product; instants count from a simulation's time 0.",
    fields: [
      Field("product", .reference("product"), .optional("the only one"), example: "Red", "What is wanted."),
      Field("quantity", .whole(1...1_000_000), .required, example: "40", "How many."),
      Field("release", .quantity("s", .notNegative), .optional("0 s"), example: "2 h", "When it is released."),
      Field("due", .quantity("s", .notNegative), .optional("whenever"), example: "10 h", "When it is wanted."),
    ])

  static let product = Shape(
    name: "product", meaning: "A kind of part.",
    fields: [
      Field(
        "priority", .whole(-1000...1000), .optional("0"), example: "2",
        "Higher goes first where a station's `dispatch` is `priority`, or it `preempts`."),
      Field(
        "route", .list(.either(.reference("station or buffer"), .object(routeStep))), .optional("where the stations' `out` leads"),
        example: "[Saw, {at: Mill, cycle: 4 min}, Saw]",
        "The stations that it visits, in order, where they say `out: route`; then it leaves the line."),
    ])

  static let routeStep = Shape(
    name: "route_step", meaning: "A visit with its own work.",
    fields: [
      Field(
        "at", .reference("station or buffer"), .required, example: "Mill",
        "The station; or the buffer before it, where several stations share it or a station takes from several."),
      Field("cycle", .law, .optional("the station's"), example: "4 min", "Time for one part of this product at this step."),
    ])

  static let outlet = Shape(
    name: "outlet", meaning: "A rule by which finished parts go here or there.",
    fields: [
      Field(
        "chance", .map(key: .outlet, .quantity("1", .share)), .optional("-"), example: "{B2: 60 %, sink: 40 %}",
        "Each part by chance; the shares add up to 1."),
      Field("emptiest", .list(.buffer), .optional("-"), example: "[B2, B3]", "The buffer with the least in it; the first of equals."),
      Field(
        "disassembly", .map(key: .outlet, .either(.whole(1...10_000), .object(outletYield))), .optional("-"),
        example: "{B2: 4, B3: {count: 1, product: Lid}}",
        "One part becomes many: how many go where."),
    ],
    oneOf: ["chance", "emptiest", "disassembly"])

  static let outletYield = Shape(
    name: "yield", meaning: "What a part becomes.",
    fields: [
      Field("count", .whole(1...10_000), .optional("1"), example: "1", "How many."),
      Field("product", .reference("product"), .optional("the same"), example: "Lid", "Of which product."),
    ])
}
