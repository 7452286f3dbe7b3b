#!/usr/bin/env bash
# Tests with a real browser on a bad network.
# usage: run.sh quick [PYTEST OPTIONS]   the short set
#        run.sh all [PYTEST OPTIONS]     everything; the figures go into docs/resilience.md
set -uo pipefail
cd "$(dirname "$0")/../.."
: "${MIXD:=.build/release/mixd}" "${VENV:=.build/venv}"
set_name=${1:-quick}
shift
Tests/Tools/make-venv.sh "$VENV" Tests/Browser/requirements.txt || exit 1
MIXD=$(realpath "$MIXD")
export MIXD NETWORK_RESULTS=$PWD/.build/network
test=("$VENV/bin/python" -m pytest Tests/Network -q -ra --color=no)
if [ "$set_name" = quick ]; then
  # A browser takes its own time now and then: what misses a goal is measured once more, and must not miss it twice.
  exec "${test[@]}" -m quick --reruns 1 --only-rerun '\(goal ' "$@"
fi
"${test[@]}" "$@"
status=$?
"$VENV/bin/python" Tests/Network/write_table.py "$NETWORK_RESULTS" || exit 1
exit $status
