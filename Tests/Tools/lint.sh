#!/usr/bin/env bash
# Everything that can be said about the sources without building them.
set -uo pipefail
cd "$(dirname "$0")/../.."
status=0
mapfile -t swift_files < <(git ls-files --cached --others --exclude-standard '*.swift')
swift format lint --strict --parallel --configuration .swift-format "${swift_files[@]}" || status=1
python3 Tests/Tools/check_sources.py || status=1
python3 Tests/Tools/check_docs.py || status=1
exit $status
