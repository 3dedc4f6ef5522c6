extension Twin {
  /// Whether a process variable has repeated one value for longer than chance allows: its readings are not to be believed until it moves again.
  public func isFrozen(_ tag: String) -> Bool { roles.roles[tag].map(frozen.isFrozen) ?? false }

  /// Whether it has repeated one value for so long that it may have stopped measuring: nothing should be promoted on it before it moves.
  public func isSuspect(_ tag: String) -> Bool { roles.roles[tag].map(frozen.isSuspect) ?? false }
}
