#!/usr/bin/env bash
# Runs every fuzz target for SECONDS, or says why that is not possible here.
# usage: fuzz.sh SECONDS
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-8}
[ -x Tests/Fuzz/run.sh ] || { echo "Tests/Fuzz/run.sh is missing"; exit 1; }

probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
cat >"$probe/probe.swift" <<'SWIFT'
@_cdecl("LLVMFuzzerTestOneInput") public func probe(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt { 0 }
SWIFT
if ! swiftc -sanitize=fuzzer,address -parse-as-library "$probe/probe.swift" -o "$probe/probe" >"$probe/log" 2>&1 ||
  ! "$probe/probe" -runs=1 >>"$probe/log" 2>&1; then
  echo "SKIPPED: this toolchain cannot build or run libFuzzer targets: $(grep -m1 error "$probe/log")"
  exit 0
fi
export logs=.build/fuzz/logs seconds
mkdir -p "$logs"

fuzz_target() {
  local target=$1
  if Tests/Fuzz/run.sh "$target" "$seconds" >"$logs/$target" 2>&1; then
    printf '%-12s %s\n' "$target" "$(grep -E '^Done' "$logs/$target")"
  else
    printf '%-12s FAILED\n' "$target"
    grep -vE '^#[0-9]+\s+(NEW|REDUCE|pulse)' "$logs/$target" | tail -n 40
    return 1
  fi
}
export -f fuzz_target

mapfile -t targets < <(for source in Tests/Fuzz/*/*.swift; do basename "$(dirname "$source")"; done | sort -u)
status=0
# The first one builds what all share.
fuzz_target "${targets[0]}" || status=1
printf '%s\n' "${targets[@]:1}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_target {}' || status=1
exit $status
