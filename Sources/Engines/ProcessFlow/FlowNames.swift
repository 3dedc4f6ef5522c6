/// A resource by name: units that processes seize and release. Made by `FlowDraft.resource`, or written as its name.
public struct Resource: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// How many processes wait for it now; those that were preempted wait too.
  public var queueLength: Formula { Formula(.queueLength(self)) }
  /// Units held now.
  public var inUse: Formula { Formula(.inUse(self)) }
  /// Units that there are now, by its shifts.
  public var capacity: Formula { Formula(.capacity(self)) }
}

/// A store by name: a buffer of items, each a number. Made by `FlowDraft.store`, or written as its name.
public struct Store: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// How many items it holds now.
  public var count: Formula { Formula(.items(self)) }
}

/// A level by name: an amount between 0 and a capacity, such as a tank's. Made by `FlowDraft.level`, or written as its name.
public struct Level: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// The amount now.
  public var amount: Formula { Formula(.level(self)) }
}

/// A signal by name: processes wait for it, `Broadcast` wakes all of them. Made by `FlowDraft.signal`, or written as its name.
public struct Signal: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// How many processes wait for it now.
  public var waiting: Formula { Formula(.waiting(self)) }
}

/// A number that each process carries by itself. Made by `FlowDraft.attribute`, or written as its name.
public struct Attribute: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// What the process carries now.
  public var value: Formula { Formula(.attribute(self)) }
}

/// A number of the whole model, seen by every process. Made by `FlowDraft.variable`, or written as its name.
public struct Variable: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// What it is now.
  public var value: Formula { Formula(.variable(self)) }
}

/// A kind of process by name. Made by `FlowDraft.process`, or written as its name.
public struct FlowProcess: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called in the model.
  public let name: String
  /// Speaks of the one of this name, which may be declared elsewhere; compiling the model finds out whether it is.
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }

  /// How many of its kind are in the model now.
  public var population: Formula { Formula(.population(self)) }
}
