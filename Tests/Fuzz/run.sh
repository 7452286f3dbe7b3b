#!/bin/bash
# Fuzzes one parser: run.sh TARGET [SECONDS], or replays one input: run.sh TARGET FILE.
#
# A target is a folder here with a Swift file that exports LLVMFuzzerTestOneInput. What it calls, Fuzz<TARGET>.swift in
# TransportTests/Fuzz, is compiled with it, so that the ordinary tests replay found inputs through the same code.
# Inputs that break something are kept in Crashers/TARGET; seeds are read from Seeds/TARGET.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:?usage: run.sh TARGET [SECONDS|FILE]}
limit=${2:-60}
out=$root/.build/fuzz
mkdir -p "$out"

flags=(-swift-version 6 -O -g -parse-as-library -sanitize=fuzzer,address -enable-testing -I "$out")
for library in COpenSSL CSRTP; do flags+=(-I "$root/Sources/$library"); done

# compile MODULE SOURCE...: makes MODULE.o and MODULE.swiftmodule unless they are newer than all sources.
compile() {
  local module=$1
  shift
  if [ -e "$out/$module.o" ] && [ -z "$(find "$@" -newer "$out/$module.o" -print -quit)" ]; then return; fi
  swiftc "${flags[@]}" -whole-module-optimization -emit-object -emit-module \
    -emit-module-path "$out/$module.swiftmodule" -module-name "$module" -o "$out/$module.o" "$@"
}

# The transport needs no more of the media core than this.
compile MixCore "$root"/Sources/MixCore/Time/*.swift "$root"/Sources/MixCore/Codec/EncodedMedia.swift
compile Transport $(find "$root/Sources/Transport" -name '*.swift' | sort)

shared=$root/Tests/TransportTests/Fuzz/Fuzz$target.swift
swiftc "${flags[@]}" -module-name "Fuzz$target" -o "$out/$target" "$root/Tests/Fuzz/$target"/*.swift \
  $([ -e "$shared" ] && echo "$shared") "$out/Transport.o" "$out/MixCore.o" -lssl -lcrypto -lsrtp2

if [ -f "$limit" ]; then exec "$out/$target" "$limit"; fi
mkdir -p "$out/corpus/$target" "$root/Tests/Fuzz/Crashers/$target"
seeds=$root/Tests/Fuzz/Seeds/$target
exec "$out/$target" -max_total_time="$limit" -max_len=4096 -len_control=0 -timeout=5 -rss_limit_mb=512 -print_final_stats=1 \
  -artifact_prefix="$root/Tests/Fuzz/Crashers/$target/" "$out/corpus/$target" $([ -d "$seeds" ] && echo "$seeds")
