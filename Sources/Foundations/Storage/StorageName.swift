extension Storage {
  /// Returns `name` if it is a storage name: a relative path whose parts are not empty and do not begin with a dot.
  ///
  /// Names with a leading dot belong to the storage itself (temporary files, locks). Anything else is a mistake of the
  /// program, not of the disk, and traps.
  public static func checkedName(_ name: String) -> String {
    var (isNew, isName) = (true, true)
    for byte in name.utf8 {
      if byte == 0 || (isNew && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/"))) { isName = false }
      isNew = byte == UInt8(ascii: "/")
    }
    precondition(isName && !isNew, "not a storage name: \(name)")
    return name
  }
}
