import MediaControl

extension Schema {
  static let scene = Schema.component(
    "Scene",
    .object(
      .required("layout", .text),
      .required("canvas", .object(.required("width", .integer()), .required("height", .integer()))),
      .required(
        "layers",
        .list(
          .object(
            .required("userId", .text), .required("x", .integer()), .required("y", .integer()),
            .required("width", .integer()), .required("height", .integer()), .required("zIndex", .integer()))),
        "In pixels of the canvas.")))

  static let videoWish = Schema.object(
    .required("width", .integer(0...Int.max)), .required("height", .integer(0...Int.max)),
    .required("frameRate", .integer(0...Int.max)),
    .required("bitrate", .integer(0...Int.max), "Bits per second; all zero while nobody sees him."))

  static let layoutRequest = Schema.component(
    "LayoutRequest",
    .object(
      .required("layout", .text),
      .optional("options", .map(.either([.number(), .text, .boolean])), "Options of that layout.")))

  static let output = Schema.component(
    "Output",
    .object(
      .required("id", .text), .required("url", .text, "Without stream key, query and credentials."),
      .required("state", .outputState), .optional("reason", .text, "Why it is retrying or has failed.")))

  static let outputState = Schema.choice(["connecting", "live", "retrying", "failed"])

  static let outputs = Schema.component("OutputList", .object(.required("outputs", .list(.output))))

  static let outputRequest = Schema.component("OutputRequest", .object(.required("url", .string(max: 2048))))

  static let stats = Schema.component(
    "Statistics",
    .object(
      .required("framesComposed", .integer()), .required("ticksMissed", .integer()),
      .required("viewers", .integer(), "Connected WHEP viewers."),
      .required("participants", .list(.participantStats)),
      .required(
        "outputs",
        .list(
          .object(
            .required("id", .text), .required("state", .outputState), .required("bytesSent", .integer()),
            .required("packetsDropped", .integer()))), "None for others than the host."),
      .required(
        "latency",
        .map(
          .object(
            .required("p50", .number()), .required("p95", .number()), .required("p99", .number()),
            .required("count", .integer()))),
        "Milliseconds by stage.")))

  private static let participantStats = Schema.component(
    "ParticipantStatistics",
    .object(
      .required("userId", .text), .required("connected", .boolean), .required("packetsReceived", .integer()),
      .required("packetsLost", .integer()), .required("framesDecoded", .integer()), .required("width", .integer()),
      .required("height", .integer()), .required("jitterMs", .number()), .required("audioDelayMs", .number()),
      .required("videoDelayMs", .number()), .required("avSkewMs", .number()),
      .required("concealedSamples", .integer()), .required("audioLevel", .number(), "dBFS; −127 is silence.")))
}
