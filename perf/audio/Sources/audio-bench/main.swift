import Foundation
import MixCore

// usage: audio-bench INPUT OUTPUT-FOLDER [NAME=VALUE ...]
// INPUT is raw sound, 48 kHz, mono, 16 bits. Into the folder go mixd.raw, libopus.raw and clean.raw of the same kind; what
// the playout buffer counted is printed as JSON.
var trial = Trial()
for argument in CommandLine.arguments.dropFirst(3) { trial.set(argument) }
let arguments = CommandLine.arguments
guard arguments.count > 2 else {
  print("usage: audio-bench INPUT OUTPUT-FOLDER [NAME=VALUE ...]")
  exit(2)
}
let folder = URL(fileURLWithPath: arguments[2])
let result = try trial.run(RawSound.read(URL(fileURLWithPath: arguments[1])))
try RawSound.write(result.mixd, to: folder.appending(path: "mixd.raw"))
try RawSound.write(result.libopus, to: folder.appending(path: "libopus.raw"))
try RawSound.write(result.clean, to: folder.appending(path: "clean.raw"))
print(String(decoding: try JSONEncoder().encode(result.figures), as: UTF8.self))
