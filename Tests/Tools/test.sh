#!/usr/bin/env bash
# All checks, one after the other, with a table at the end. Later ones run although an earlier one failed, except that
# nothing runs without a build. Full logs are in .build/logs. FUZZ_SECONDS: how long each fuzz target runs.
set -uo pipefail
cd "$(dirname "$0")/../.."
: "${SWIFT_FLAGS:?run make test}"
fuzz_seconds=${FUZZ_SECONDS:-6}
logs=.build/logs
rm -rf "$logs"
mkdir -p "$logs"
table=()
failures=0

# step NAME MINUTES LINES COMMAND…: LINES is how much of the end of the log is shown when all went well.
step() {
  local name=$1 minutes=$2 lines=$3 log=$logs/${1// /-}.log started=$SECONDS status
  shift 3
  echo "== $name"
  timeout --kill-after=20 "${minutes}m" "$@" >"$log" 2>&1
  status=$?
  if [ $status -eq 0 ]; then
    tail -n "$lines" "$log"
    table+=("$(printf 'ok      %-16s %5ds' "$name" $((SECONDS - started)))")
    return 0
  fi
  [ $status -ne 124 ] || echo "stopped after $minutes minutes" >>"$log"
  failures=$((failures + 1))
  table+=("$(printf 'FAILED  %-16s %5ds' "$name" $((SECONDS - started)))")
  failed_lines "$log"
  echo "--- end of $log"
  tail -n 60 "$log"
  return 1
}

# What the tools mark as a failure, in case it scrolled out of the end of the log.
failed_lines() {
  grep -E '^✘|: error:|^(FAILED|ERROR) |Fatal error|AddressSanitizer|panic' "$1" | awk '!seen[$0]++' | head -n 60
}

finish() {
  echo "== summary"
  printf '%s\n' "${table[@]}"
  [ "$failures" -eq 0 ] || { echo "$failures of ${#table[@]} failed"; exit 1; }
  echo "all ${#table[@]} passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
  exit 0
}

swift_test() {
  # shellcheck disable=SC2086 # several words on purpose
  swift test $SWIFT_FLAGS --skip-build --disable-xctest "$@"
}

browser_tests() {
  Tests/Tools/make-venv.sh "$VENV" Tests/Browser/requirements.txt &&
    MIXD="$PWD/$MIXD" "$VENV/bin/python" -m pytest Tests/Browser -q -ra --color=no --durations=5
}

# With the helpers and the Python packages of the browser tests.
command_line_tests() {
  Tests/Tools/make-venv.sh "$VENV" Tests/Browser/requirements.txt &&
    MIXD="$PWD/$MIXD" "$VENV/bin/python" -m pytest Tests/CommandLine -q -ra --color=no --durations=5
}
export -f swift_test browser_tests command_line_tests
export LIVE_TESTS='^(MediaWorkerTests|SyntheticClientTests)\.' SERVER_TESTS='^SignalingServerTests\.'

step packages 15 3 Tests/Tools/install-packages.sh build test || finish
step lint 5 1 Tests/Tools/lint.sh
step build 40 2 Tests/Tools/build.sh --build-tests || finish
step "unit tests" 15 1 bash -c 'swift_test --skip "$LIVE_TESTS" --skip "$SERVER_TESTS"'
# Clients and servers with time limits: not all at once.
step "server tests" 15 1 bash -c 'swift_test --filter "$SERVER_TESTS" --experimental-maximum-parallelization-width 6'
# Live media keeps real time: nothing else may run beside it on a small machine.
step "live tests" 10 1 bash -c 'swift_test --filter "$LIVE_TESTS" --no-parallel'
step "fuzz targets" 10 8 Tests/Tools/fuzz.sh "$fuzz_seconds"
step "command line" 10 20 bash -c command_line_tests
step "browser tests" 32 12 bash -c browser_tests
step "network tests" 10 12 Tests/Network/run.sh quick
finish
