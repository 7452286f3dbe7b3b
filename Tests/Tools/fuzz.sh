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
exec Tests/Fuzz/run.sh "$seconds"
