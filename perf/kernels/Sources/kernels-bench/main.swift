import MixCore

let full = PixelSize(width: 1280, height: 720)
let downs = [(320, 180), (640, 360), (854, 480), (428, 240)].map { PixelSize(width: $0.0, height: $0.1) }
let large = PixelSize(width: 1920, height: 1080)
let small = PixelSize(width: 640, height: 360)

var jobs = Jobs()
var measurements = [jobs.copy(full)]
for size in downs { measurements.append(jobs.scale(full, size)) }
measurements.append(jobs.scale(large, full))
measurements.append(jobs.scale(large, downs[0]))
measurements.append(jobs.scale(small, full))
measurements.append(jobs.scale(PixelSize(width: 480, height: 270), full))
measurements.append(jobs.blend(full))
measurements.append(jobs.blendMasked(full))
for size in downs { measurements.append(jobs.scaleAndBlend(full, size)) }

let report = Report(measurements: measurements, composeMicroseconds: measureCompose())
report.printTable()
if let path = CommandLine.arguments.dropFirst().first { try report.write(to: path) }
