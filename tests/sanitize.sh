#!/usr/bin/env bash
# Looks at every pointer of the plugin boundary: Miri on both sides of the C interface, AddressSanitizer on libraries that
# are really opened, and a million random frames. Needs a nightly compiler with miri and rust-src; says so where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n=== %s (%s)\n' "$1" "$(date +%T)"; }

step "a million random frames: no panic, no allocation above 8 MiB"
cargo test --locked --quiet -p plugin-protocol --test frames -- --ignored

if ! rustc +nightly --version >/dev/null 2>&1; then
    echo "no nightly compiler: Miri and AddressSanitizer were not run (rustup toolchain install nightly --component miri --component rust-src)"
    exit 0
fi

if cargo +nightly miri --version >/dev/null 2>&1; then
    step "Miri"
    # The clock of the machine is asked for the time that a call has left.
    export MIRIFLAGS="${MIRIFLAGS:-} -Zmiri-disable-isolation"
    cargo +nightly miri test --locked -p plugin-abi --test bytes
    cargo +nightly miri test --locked -p plugin-sdk --test entry
else
    echo "no Miri: rustup component add miri rust-src --toolchain nightly"
fi

step "AddressSanitizer"
host=$(rustc +nightly -vV | sed -n 's/^host: //p')
# A library is never unloaded, and what it holds is no leak. Its symbols are looked for in itself first.
export ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0"
RUSTFLAGS="-Zsanitizer=address" cargo +nightly test --locked --target "$host" -p plugin-loader -p plugin-sdk --test loader --test entry
