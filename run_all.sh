#!/bin/sh
# Builds rooflab, runs every hypothesis and ends with 1 when a finding drifted or a file is stale.
set -eu
cd "$(dirname "$0")"
cargo build --release --locked -p rooflab
target/release/rooflab run --all
target/release/rooflab check
