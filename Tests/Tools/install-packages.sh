#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages of the named groups: build, test, bench. Does nothing when all are there.
set -euo pipefail

# "a|b": the first of these names that the distribution knows; Ubuntu calls some packages differently.
declare -A groups=(
  [build]="pkg-config libc6-dev libvpx-dev libx264-dev libopus-dev libavcodec-dev libavformat-dev libavutil-dev
           libswresample-dev libswscale-dev
           libssl-dev libsrtp2-dev libsqlite3-dev ca-certificates"
  [test]="ffmpeg nginx libnginx-mod-rtmp chromium|chromium-browser chromium-driver|chromium-chromedriver
          firefox-esr|firefox python3 python3-venv"
  [fonts]="fonts-noto-cjk fonts-noto-color-emoji"
  [bench]="ffmpeg libyuv-dev python3 python3-venv"
)

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

is_known() { apt-cache show "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo DEBIAN_FRONTEND=noninteractive "$@"
  else
    echo "Cannot install packages: neither root nor sudo. Please install: ${missing[*]}" >&2
    exit 1
  fi
}

if ! command -v apt-get >/dev/null; then
  echo "This is neither Debian nor Ubuntu: the packages listed in $0 must be there already." >&2
  exit 0
fi

missing=()
for group in "$@"; do
  for choice in ${groups[$group]:?no such group}; do
    found=
    for name in ${choice//|/ }; do
      if is_installed "$name"; then found=1; fi
    done
    if [ -z "$found" ] && [[ " ${missing[*]} " != *" $choice "* ]]; then missing+=("$choice"); fi
  done
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing: ${missing[*]}"
as_root apt-get -qq update
names=()
for choice in "${missing[@]}"; do
  chosen=
  for name in ${choice//|/ }; do
    if [ -z "$chosen" ] && is_known "$name"; then chosen=$name; fi
  done
  if [ -n "$chosen" ]; then names+=("$chosen"); else echo "No package ${choice} here; going on without it." >&2; fi
done
[ ${#names[@]} -eq 0 ] || as_root apt-get -qq install -y --no-install-recommends "${names[@]}" >/dev/null
