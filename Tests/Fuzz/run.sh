#!/bin/bash
# Fuzzes one parser: run.sh TARGET [SECONDS], or replays one input: run.sh TARGET FILE. run.sh build only compiles what all
# targets share.
#
# A target is a folder here with a Swift file that exports LLVMFuzzerTestOneInput. What it calls, Fuzz<TARGET>.swift in
# the Fuzz folder of the module's tests, is compiled with it, so that the ordinary tests replay found inputs through the same code.
# Inputs that break something are kept in Crashers/TARGET; seeds are read from Seeds/TARGET.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:?usage: run.sh TARGET [SECONDS|FILE], or run.sh build}
limit=${2:-60}
out=$root/.build/fuzz
mkdir -p "$out"
# Freed memory that is kept back counts against the limit of memory.
export ASAN_OPTIONS=quarantine_size_mb=64

flags=(-swift-version 6 -package-name mixd -O -g -parse-as-library -sanitize=fuzzer,address -enable-testing -I "$out")
for library in COpenSSL CSRTP CVPX CX264 COpus CAVCodec; do flags+=(-I "$root/Sources/$library"); done
for flag in $(pkg-config --cflags vpx x264 opus libavcodec); do flags+=(-Xcc "$flag"); done

# compile MODULE SOURCE...: makes MODULE.o and MODULE.swiftmodule unless they are newer than all sources.
compile() {
  local module=$1
  shift
  if [ -e "$out/$module.o" ] && [ -z "$(find "$@" -newer "$out/$module.o" -print -quit)" ]; then return; fi
  swiftc "${flags[@]}" -whole-module-optimization -emit-object -emit-module \
    -emit-module-path "$out/$module.swiftmodule" -module-name "$module" -o "$out/$module.o" "$@"
}

# The kernels in C, and what lets Swift see them.
kernels=$root/Sources/CKernels
map=$(printf 'module CKernels {\n  header "%s/include/ckernels.h"\n  header "%s/include/ckernels_audio.h"\n  export *\n}\n' \
  "$kernels" "$kernels")
# Targets that run side by side read it.
[ "$(cat "$out/module.modulemap" 2>/dev/null)" = "$map" ] || echo "$map" >"$out/module.modulemap"
if [ ! -e "$out/kernels.a" ] || [ -n "$(find "$kernels" -newer "$out/kernels.a" -print -quit)" ]; then
  (cd "$out" && clang -c -O2 -g -fsanitize=address -I "$kernels/include" "$kernels"/*.c)
  rm -f "$out/kernels.a"
  ar rcs "$out/kernels.a" $(for file in "$kernels"/*.c; do echo "$out/$(basename "${file%.c}").o"; done)
fi

compile MixCore $(find "$root/Sources/MixCore" -name '*.swift' | sort)
compile Transport $(find "$root/Sources/Transport" -name '*.swift' | sort)
[ "$target" != build ] || exit 0

swiftc "${flags[@]}" -module-name "Fuzz$target" -o "$out/$target" "$root/Tests/Fuzz/$target"/*.swift \
  "$root"/Tests/*/Fuzz/"Fuzz$target.swift" "$out/Transport.o" "$out/MixCore.o" "$out/kernels.a" -lssl -lcrypto -lsrtp2

if [ -f "$limit" ]; then exec "$out/$target" "$limit"; fi
mkdir -p "$out/corpus/$target" "$root/Tests/Fuzz/Crashers/$target"
seeds=$root/Tests/Fuzz/Seeds/$target
exec "$out/$target" -max_total_time="$limit" -max_len=4096 -len_control=0 -timeout=5 -rss_limit_mb=512 -print_final_stats=1 \
  -artifact_prefix="$root/Tests/Fuzz/Crashers/$target/" "$out/corpus/$target" $([ -d "$seeds" ] && echo "$seeds")
