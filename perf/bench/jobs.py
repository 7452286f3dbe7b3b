"""The same job for each contender: files in, one mixed 720p30 H.264 + AAC file out."""

import dataclasses
import pathlib
import shutil

BITRATE = "2500k"
PRESET = "superfast"
# One IDR picture every two seconds, no B-frames, one second of buffer: what CDNs ask for and mixd does by default.
X264 = ["-c:v", "libx264", "-preset", PRESET, "-tune", "zerolatency", "-profile:v", "high", "-b:v", BITRATE,
        "-maxrate", BITRATE, "-bufsize", BITRATE, "-g", "60", "-sc_threshold", "0", "-bf", "0", "-pix_fmt", "yuv420p"]
AAC = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", "128k", "-ar", "48000", "-ac", "2"]
FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y"]


@dataclasses.dataclass
class Scenario:
    name: str
    layout: str
    inputs: list[pathlib.Path]

    @property
    def count(self):
        return len(self.inputs)


def composition(scenario, flags="bicubic"):
    """FFmpeg filters that place the inputs exactly where mixd's layout does."""
    # WebM rounds times to milliseconds; without exact ones FFmpeg repeats and drops pictures now and then.
    exact = "".join(f"[{i}:v]settb=1/30,setpts=N[p{i}];" for i in range(scenario.count))
    if scenario.layout == "pip":
        # A quarter of the width, 16 pixels from the bottom right corner.
        return f"{exact}[p1]scale=320:180:flags={flags}[tile];[p0][tile]overlay=x=944:y=524:eof_action=endall[v]"
    tiles = "".join(f"[p{i}]scale=640:360:flags={flags}[t{i}];" for i in range(4))
    return f"{exact}{tiles}[t0][t1][t2][t3]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0[v]"


def sound(scenario):
    pads = "".join(f"[{i}:a]" for i in range(scenario.count))
    return f"{pads}amix=inputs={scenario.count}:normalize=0[a]"


def mixd(binary, scenario, output, trace=None, preset="live"):
    host, *others = scenario.inputs
    command = [binary, "render", "--host", host]
    for other in others:
        command += ["--cohost", other]
    command += ["--layout", scenario.layout, "--size", "1280x720", "--fps", "30", "--video-bitrate", BITRATE,
                "--preset", preset, "--output", output]
    return command + (["--trace", trace] if trace else [])


def ffmpeg(scenario, output, threads=None, paced=False):
    """`threads`: of every codec and of the filters; None leaves FFmpeg its own choice. `paced`: a second of the clips
    takes a second, as in a live room, so that every picture finds cold caches and a processor that was asleep."""
    limit = ["-threads", str(threads)] if threads else []
    pace = ["-re"] if paced else []
    command = FFMPEG + (["-filter_complex_threads", str(threads)] if threads else [])
    for path in scenario.inputs:
        command += [*limit, *pace, "-i", path]
    return [*command, "-filter_complex", f"{composition(scenario)};{sound(scenario)}", "-map", "[v]", "-map", "[a]",
            *limit, *X264, *AAC, output]


def codecs_alone(scenario, picture, pcm, output):
    """(commands whose costs count, commands whose costs are taken off again): decoding everything that is shown with
    the libraries mixd uses; encoding from raw once; reading the raw files, which is no part of the job."""
    decode = list(FFMPEG)
    for path in scenario.inputs:
        decode += ["-threads", "1", "-c:v", "libvpx", "-c:a", "libopus", "-i", path]
    for index in range(scenario.count):
        decode += ["-map", str(index)]
    decode += ["-f", "null", "-"]
    raw = [*FFMPEG, *raw_input(picture), "-f", "s16le", "-ar", "48000", "-ac", "2", "-i", pcm]
    encode = [*raw, "-threads", "1", *X264, *AAC, output]
    read = [*raw, "-f", "null", "-"]
    return [decode, encode], [read]


def raw_input(path):
    return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", "1280x720", "-framerate", "30", "-i", path]


def raw_composition(scenario, picture, pcm):
    """The reference: the same composition with the best scaler FFmpeg has, uncompressed."""
    inputs = [word for path in scenario.inputs for word in ("-i", path)]
    graph = f"{composition(scenario, 'lanczos+accurate_rnd+full_chroma_int')};{sound(scenario)}"
    return [*FFMPEG, *inputs, "-filter_complex", graph, "-map", "[v]", "-f", "rawvideo", "-pix_fmt", "yuv420p", picture,
            "-map", "[a]", "-f", "s16le", "-ar", "48000", "-ac", "2", pcm]


def gstreamer(scenario, output):
    """None when gst-launch-1.0 or one of the elements is not here."""
    if shutil.which("gst-launch-1.0") is None:
        return None
    places = ([(0, 0, 1280, 720), (944, 524, 320, 180)] if scenario.layout == "pip"
              else [(x, y, 640, 360) for y in (0, 360) for x in (0, 640)])
    pads = " ".join(f"sink_{i}::xpos={x} sink_{i}::ypos={y} sink_{i}::width={w} sink_{i}::height={h}"
                    for i, (x, y, w, h) in enumerate(places))
    text = (f"compositor name=v background=black {pads} ! video/x-raw,format=I420,width=1280,height=720,framerate=30/1 "
            f"! x264enc speed-preset={PRESET} tune=zerolatency bitrate=2500 vbv-buf-capacity=1000 key-int-max=60 bframes=0 "
            f"option-string=scenecut=0 threads=1 ! h264parse ! queue ! mp4mux name=m ! filesink location={output} "
            "audiomixer name=a ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 "
            "! avenc_aac bitrate=128000 aac-coder=fast ! aacparse ! queue ! m. ")
    for index, path in enumerate(scenario.inputs):
        text += (f"filesrc location={path} ! matroskademux name=d{index} d{index}. ! queue ! vp8dec threads=1 ! queue "
                 f"! v.sink_{index} d{index}. ! queue ! opusdec ! audioconvert ! audioresample ! queue ! a. ")
    return ["gst-launch-1.0", "-q", "-e", *text.split()]
