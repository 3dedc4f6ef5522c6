extension Storage {
  /// Returns `name` if it is a storage name: a relative path whose parts are not empty and do not begin with a dot.
  ///
  /// Names with a leading dot belong to the storage itself (temporary files, locks). Anything else is a mistake of the
  /// program, not of the disk, and traps.
  public static func checkedName(_ name: String) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    precondition(!name.utf8.contains(0) && parts.allSatisfy { !$0.isEmpty && $0.first != "." }, "not a storage name: \(name)")
    return name
  }
}
