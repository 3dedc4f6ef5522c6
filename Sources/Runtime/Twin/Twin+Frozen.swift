extension Twin {
  /// Whether a process variable has repeated one value for longer than chance allows: its readings are not to be believed until it moves again.
  public func isFrozen(_ tag: String) -> Bool { roles.roles[tag].map(frozen.isFrozen) ?? false }
}
