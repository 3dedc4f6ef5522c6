import Disk
import Foundation
import Storage
import Testing

@Test func filesKeepThePromisesOfStorage() throws {
  let folder = TemporaryFolder()
  #expect(storageViolations(in: try FileStorage(folder: folder.path)) == [])
  // A folder that does not exist is made, and a slash at the end changes nothing.
  #expect(storageViolations(in: try FileStorage(folder: "\(folder.path)/deep/er/")) == [])
}

@Test func anotherOwnerSeesTheSameFiles() throws {
  let folder = TemporaryFolder()
  let first = try FileStorage(folder: folder.path)
  try first.append("wal/1", [1, 2])
  try first.sync("wal/1")
  try first.replace("blocks/1", [3])
  let second = try FileStorage(folder: folder.path)
  #expect(try second.list(prefix: "") == ["blocks/1", "wal/1"])
  #expect(try second.read("wal/1") == [1, 2] && second.read("blocks/1") == [3])
  // A sync by somebody who did not write it.
  try second.sync("wal/1")
}

@Test func moreFilesThanDescriptorsStayOpenAreAppendedTo() throws {
  let folder = TemporaryFolder()
  let storage = try FileStorage(folder: folder.path)
  for round in 0..<3 as Range<UInt8> { for file in 0..<40 { try storage.append("many/\(file)", [round]) } }
  for file in 0..<40 {
    try storage.sync("many/\(file)")
    #expect(try storage.read("many/\(file)") == [0, 1, 2])
  }
}

@Test func leftoversOfABrokenReplaceAreNotSeen() throws {
  let folder = TemporaryFolder()
  try folder.write("blocks/.1.tmp", [1])
  try folder.write(".lock", [1])
  let storage = try FileStorage(folder: folder.path)
  #expect(try storage.list(prefix: "") == [])
  try storage.replace("blocks/1", [2])
  #expect(try storage.list(prefix: "") == ["blocks/1"])
}

@Test func aFullDiskIsCalledFull() throws {
  // /dev/full answers every write with ENOSPC.
  let folder = TemporaryFolder()
  try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/full", withDestinationPath: "/dev/full")
  let storage = try FileStorage(folder: folder.path)
  #expect(throws: StorageError.full(name: "full")) { try storage.append("full", [1]) }
}

@Test func theSystemsReasonIsTold() throws {
  let folder = TemporaryFolder()
  try folder.write("plain", [1])
  let storage = try FileStorage(folder: folder.path)
  // A file cannot be below a file.
  #expect(throws: StorageError.failed(name: "plain/below", reason: "Not a directory")) { try storage.append("plain/below", [1]) }
}

@Test func oneDataFolderHasOneOwner() throws {
  let folder = TemporaryFolder()
  var lock: DataFolderLock? = try DataFolderLock(folder: folder.path)
  let expected = DiskError.inUse(folder: folder.path, process: Int(ProcessInfo.processInfo.processIdentifier))
  #expect(throws: expected) { try DataFolderLock(folder: folder.path) }
  #expect(expected.description.contains(folder.path) && expected.description.contains("process \(ProcessInfo.processInfo.processIdentifier)"))
  #expect(lock?.folder == folder.path)
  lock = nil
  _ = try DataFolderLock(folder: folder.path)
  #expect(throws: DiskError.notFound(path: "\(folder.path)/none")) { try DataFolderLock(folder: "\(folder.path)/none") }
}

@Test func aPlantFolderIsItsYamlFilesAndNothingElse() throws {
  let folder = TemporaryFolder()
  try folder.write("plant.yaml", Array("name: Größe\n".utf8))
  try folder.write("loops/b.yaml", Array("b".utf8))
  try folder.write("loops/a.yaml", Array("a".utf8))
  for other in ["loops/notes.txt", "loops/old/c.yaml", "README.md", "models/x.fmu", ".git/config"] { try folder.write(other, [0xFF]) }
  var files = ["plant.yaml": "name: Größe\n", "loops/a.yaml": "a", "loops/b.yaml": "b"]
  #expect(try PlantFolderFiles.read(folder.path) == files)
  for more in ["connections.yaml", "governance.yaml", "historian.yaml"] {
    try folder.write(more, Array(more.utf8))
    files[more] = more
  }
  #expect(try PlantFolderFiles.read(folder.path) == files)
  try folder.write("envelope.yaml", Array("a: 1\nb: 2\nc: ".utf8) + [0xFF, 0x0A])
  let wrong = DiskError.notText(path: "\(folder.path)/envelope.yaml", line: 3)
  #expect(throws: wrong) { try PlantFolderFiles.read(folder.path) }
  #expect(wrong.description.contains("envelope.yaml:3:"))
  #expect(throws: DiskError.notFound(path: "/no/such/folder")) { try PlantFolderFiles.read("/no/such/folder") }
}
