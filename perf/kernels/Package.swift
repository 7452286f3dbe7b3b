// swift-tools-version: 6.2
import PackageDescription

// Only the parts of the media core that draw, linked in as sources: a package of its own, so that measuring kernels
// needs neither the servers' dependencies nor public API made for it.
let package = Package(
  name: "kernels-bench",
  targets: [
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .systemLibrary(name: "CYUV", providers: [.apt(["libyuv-dev"])]),
    .target(name: "MixCore", dependencies: ["CKernels"]),
    .executableTarget(name: "kernels-bench", dependencies: ["MixCore", "CYUV"]),
  ]
)
