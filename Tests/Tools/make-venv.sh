#!/usr/bin/env bash
# Makes the Python environment FOLDER with the packages of REQUIREMENTS, or leaves it alone when it is up to date.
# usage: make-venv.sh FOLDER REQUIREMENTS
set -euo pipefail
folder=$1
requirements=$2
stamp=$folder/requirements.sha256

wanted=$(sha256sum <"$requirements")
if [ -x "$folder/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
echo "Python packages of $requirements into $folder"
[ -x "$folder/bin/python" ] || python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
echo "$wanted" >"$stamp"
