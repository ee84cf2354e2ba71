#!/bin/sh
# Every fuzzer of a build with -Dfuzz=engine for some seconds: sh fuzz/run.sh BUILD SECONDS. New inputs stay in the build folder; the first
# crash ends the run, and its input is named.
set -eu
# An engine goes on after what the undefined-behaviour sanitizer says, unless it is told to stop.
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
build=$1
seconds=$2
for fuzzer in "$build"/fuzz/*_fuzz; do
    noun=$(basename "$fuzzer" _fuzz)
    found="$build/fuzz/found/$noun"
    mkdir -p "$found"
    if "$fuzzer" -max_total_time="$seconds" -artifact_prefix="$found/crash-" "$found" "fuzz/corpus/$noun" >"$found.log" 2>&1; then
        echo "ok - fuzz $noun"
    else
        echo "not ok - fuzz $noun"
        tail -n 40 "$found.log"
        exit 1
    fi
done
