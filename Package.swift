// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A C library of the system behind a module map and a shim header.
func shim(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// Tests that do not compute much themselves are not optimised: that would take longer than to run them.
func tests(_ name: String, _ dependencies: [Target.Dependency], isOptimized: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies,
    swiftSettings: isOptimized ? strict : strict + [.unsafeFlags(["-Onone"])])
}

let package = Package(
  name: "mixd",
  products: [
    .executable(name: "mixd", targets: ["mixd"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // C shims
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-Wall", "-Werror"])]),
    shim("CVPX", pkgConfig: "vpx", apt: "libvpx-dev"),
    shim("CX264", pkgConfig: "x264", apt: "libx264-dev"),
    shim("COpus", pkgConfig: "opus", apt: "libopus-dev"),
    shim("CAVCodec", pkgConfig: "libavcodec", apt: "libavcodec-dev"),
    shim("CAVFormat", pkgConfig: "libavformat", apt: "libavformat-dev"),
    shim("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
    shim("CSRTP", pkgConfig: "libsrtp2", apt: "libsrtp2-dev"),
    shim("CLinux", apt: "libc6-dev"),

    // The media core and what is built on it
    library("MixCore", ["CKernels", "CVPX", "CX264", "COpus", "CAVCodec"]),
    library("Transport", ["MixCore", "COpenSSL", "CSRTP"]),
    library("Outputs", ["MixCore", "CAVCodec", "CAVFormat"]),
    library("MediaControl", []),
    library("MediaWorker", ["MixCore", "Transport", "Outputs", "MediaControl", "CLinux"]),
    library("OfflineRender", ["MixCore", "Outputs", "CAVCodec", "CAVFormat"]),
    library("SyntheticClient", ["MixCore", "Transport", "CLinux"]),

    // The control plane
    library("Signaling", []),
    library(
      "SignalingServer",
      [
        "Signaling", "MediaControl",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("Web")]),
    .executableTarget(
      name: "mixd",
      dependencies: [
        "CLinux", "MediaControl", "MediaWorker", "MixCore", "OfflineRender", "Outputs", "Signaling", "SignalingServer",
        "SyntheticClient", "Transport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // Tests
    tests("KernelTests", ["CKernels", "MixCore"], isOptimized: true),
    tests("MixCoreTests", ["MixCore"], isOptimized: true),
    .target(
      name: "NetworkSimulation", dependencies: ["MixCore", "Transport"], path: "Tests/NetworkSimulation",
      swiftSettings: strict),
    tests("TransportTests", ["Transport", "MixCore", "NetworkSimulation"]),
    tests("ScenarioTests", ["Transport", "MixCore", "NetworkSimulation"], isOptimized: true),
    tests("OutputsTests", ["Outputs", "MixCore", "MediaWorker"]),
    tests("SignalingTests", ["Signaling"]),
    tests("SignalingServerTests", ["SignalingServer", "Signaling", "MediaControl"]),
    tests(
      "MediaWorkerTests",
      [
        "CLinux", "MediaWorker", "MediaControl", "SyntheticClient", "MixCore", "Transport", "NetworkSimulation",
        "OfflineRender",
      ]),
    tests("SyntheticClientTests", ["SyntheticClient", "MixCore", "Transport"]),
    tests("OfflineRenderTests", ["OfflineRender", "MixCore", "Outputs"]),
  ]
)
