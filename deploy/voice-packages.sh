#!/bin/sh
# Installs the programs that speak (Debian 12 and 13). Run as root. With --check: exit 0 if all of them are there.
# The Japanese voice lies in Debian's component "contrib": where that is not enabled, it is added to Debian's own sources.
set -eu
voice=hts-voice-nitech-jp-atr503-m001
packages="open-jtalk open-jtalk-mecab-naist-jdic $voice espeak-ng opus-tools"

if [ "${1:-}" = --check ]; then
  for package in $packages; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed' || exit 1
  done
  exit 0
fi

apt-get update -qq
if ! apt-cache policy "$voice" | grep -q 'Candidate: [0-9]'; then
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ -f "$file" ] && sed -i -E '/^(Components:|deb )/{/\bcontrib\b/!s/\bmain\b/main contrib/}' "$file"
  done
  apt-get update -qq
fi
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
