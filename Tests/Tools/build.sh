#!/usr/bin/env bash
# Builds with the flags of the Makefile and shows only errors, warnings and the last line.
# usage: build.sh [swift build options]
set -uo pipefail
cd "$(dirname "$0")/../.."
log=.build/build.log
mkdir -p .build
# shellcheck disable=SC2086 # several words on purpose
if [ -t 1 ]; then
  swift build $SWIFT_FLAGS "$@"
elif swift build $SWIFT_FLAGS "$@" >"$log" 2>&1; then
  grep -E '(warning|error): ' "$log" | sort -u
  tail -n 1 "$log"
else
  grep -E '(warning|error): ' "$log" | sort -u | head -n 40
  echo "--- end of $log"
  tail -n 40 "$log"
  exit 1
fi
