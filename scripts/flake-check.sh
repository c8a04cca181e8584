#!/usr/bin/env bash
# Parses flake.nix and evaluates its shells for every system, offline, against the stand-in for nixpkgs in tools/nix-stub.
# Needs Debian's nix 2.8 or newer; as root on Debian it installs it. Builds nothing and writes nothing to the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v nix >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "flake-check: nix is not installed (Debian: apt-get install nix-bin)" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qq -y --no-install-recommends nix-bin >/dev/null 2>&1 \
    || { apt-get update -qq >/dev/null && apt-get install -qq -y --no-install-recommends nix-bin >/dev/null; }
fi

scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
# Copies: in a git work tree nix sees only what is added to the index.
mkdir "$scratch/flake" "$scratch/nixpkgs"
cp flake.nix "$scratch/flake/"
cp tools/nix-stub/flake.nix "$scratch/nixpkgs/"

export HOME="$scratch" NIX_CONFIG=$'experimental-features = nix-command flakes\nbuild-users-group =\nsandbox = false'
nix-instantiate --parse flake.nix >/dev/null
nix --quiet flake check "path:$scratch/flake" --no-build --offline --no-write-lock-file \
  --override-input nixpkgs "path:$scratch/nixpkgs" --store "$scratch/store"
for system in x86_64-linux aarch64-linux x86_64-darwin aarch64-darwin; do
  nix --quiet eval --offline --no-write-lock-file --override-input nixpkgs "path:$scratch/nixpkgs" --store "$scratch/store" \
    --raw "path:$scratch/flake#devShells.$system.default.drvPath" >/dev/null
done
echo "flake.nix: dev shells of 4 systems evaluate"
