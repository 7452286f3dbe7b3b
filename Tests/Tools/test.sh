#!/usr/bin/env bash
# All checks, those that only compute beside the browsers, with a table at the end. Later ones run although an earlier one
# failed, except that nothing runs without a build. Full logs are in .build/logs. FUZZ_SECONDS: how long each fuzz target runs.
set -uo pipefail
cd "$(dirname "$0")/../.."
: "${SWIFT_FLAGS:?run make test}"
fuzz_seconds=${FUZZ_SECONDS:-6}
logs=.build/logs
rm -rf "$logs"
mkdir -p "$logs"
table=()
failures=0

log_of() { echo "$logs/${1// /-}.log"; }

# run NAME MINUTES COMMAND…: into its log, and its status and seconds into a file beside it.
run() {
  local name=$1 minutes=$2 started=$SECONDS status log
  shift 2
  log=$(log_of "$name")
  timeout --kill-after=20 "${minutes}m" "$@" >"$log" 2>&1
  status=$?
  case $status in 124 | 137) echo "stopped after $minutes minutes" >>"$log" ;; esac
  echo "$status $((SECONDS - started))" >"$log.result"
}

# report NAME LINES: LINES is how much of the end of the log is shown when all went well.
report() {
  local name=$1 lines=$2 log status=1 seconds=0
  log=$(log_of "$name")
  if [ -s "$log.result" ]; then read -r status seconds <"$log.result"; else echo "ended without a result" >>"$log"; fi
  if [ "$status" -eq 0 ]; then
    tail -n "$lines" "$log"
    table+=("$(printf 'ok      %-16s %5ds' "$name" "$seconds")")
    return 0
  fi
  failures=$((failures + 1))
  table+=("$(printf 'FAILED  %-16s %5ds' "$name" "$seconds")")
  failed_lines "$log"
  echo "--- end of $log"
  tail -n 60 "$log"
  return 1
}

# step NAME MINUTES LINES COMMAND…: both, one after the other.
step() {
  local name=$1 minutes=$2 lines=$3
  shift 3
  echo "== $name"
  run "$name" "$minutes" "$@"
  report "$name" "$lines"
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

# What only computes: in virtual time, or the compiler.
compute() {
  run "unit tests" 45 bash -c 'swift_test --skip "$LIVE_TESTS" --skip "$SERVER_TESTS" --skip "$OUTPUT_TESTS"'
  # What is wrong with it the fuzz targets tell.
  Tests/Fuzz/run.sh build >"$logs/fuzz-build.log" 2>&1
}

# It has what the others leave over. Where each session has its share of the time (autogroup), the least one.
compute_beside() {
  chrt --idle --pid 0 "$BASHPID"
  [ ! -e /proc/self/autogroup ] || echo 19 >/proc/self/autogroup
  compute
}

# A limit on what all together may take counts what is left over, too.
is_something_left_over() { chrt --idle 0 true 2>/dev/null && ! grep -qsv '^max' /sys/fs/cgroup/cpu.max; }

export -f swift_test browser_tests command_line_tests log_of run compute compute_beside
export LIVE_TESTS='^(MediaWorkerTests|SyntheticClientTests)\.' SERVER_TESTS='^SignalingServerTests\.' OUTPUT_TESTS='^OutputsTests\.' logs

step packages 15 3 Tests/Tools/install-packages.sh build test || finish
step lint 5 1 Tests/Tools/lint.sh
step build 40 2 Tests/Tools/build.sh --build-tests || finish
# Clients and servers with time limits: not all at once.
step "server tests" 15 1 bash -c 'swift_test --filter "$SERVER_TESTS" --experimental-maximum-parallelization-width 6'
step "output tests" 5 1 bash -c 'swift_test --filter "$OUTPUT_TESTS"'
# Their goals are those of a server that has the machine to itself: nothing else may run beside them.
step "live tests" 10 1 bash -c 'swift_test --filter "$LIVE_TESTS" --no-parallel'
# Browsers wait more than they work: of two cores they left one to others, seen over all their tests.
if is_something_left_over; then
  setsid bash -c compute_beside &
  computing=$!
  trap 'pkill -s "$computing"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
else
  compute
fi
step "command line" 10 20 bash -c command_line_tests
step "browser tests" 35 12 bash -c browser_tests
echo "== unit tests"
[ -z "${computing:-}" ] || wait "$computing"
trap - EXIT
report "unit tests" 1
step "fuzz targets" 10 8 Tests/Tools/fuzz.sh "$fuzz_seconds"
step "network tests" 10 12 Tests/Network/run.sh quick
finish
