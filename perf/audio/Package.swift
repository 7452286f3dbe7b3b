// swift-tools-version: 6.2
import PackageDescription

// The playout buffer with its codec, and the lossy network of its tests, linked in as sources: a package of its own, so
// that measuring sound needs nothing else of the server.
let package = Package(
  name: "audio-bench",
  targets: [
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
    .target(name: "MixCore", dependencies: ["CKernels", "COpus"]),
    .executableTarget(name: "audio-bench", dependencies: ["MixCore"]),
  ]
)
