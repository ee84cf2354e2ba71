#!/bin/sh
# clang-tidy over src/ and tools/ with the rules of .clang-tidy:  tools/clang-tidy.sh [--quick] BUILD_DIR [FILE.c …]
# --quick: without the analyzer, which takes ninety-five hundredths of the time.
# BUILD_DIR holds compile_commands.json (meson writes it) and the generated headers, so it must have been built.
set -u
checks=
if [ "$1" = --quick ]; then
    checks=--checks=-clang-analyzer-*
    shift
fi
build=$1
shift
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find src tools -name '*.c' | sort)
fi
if ! command -v clang-tidy >/dev/null; then
    echo "clang-tidy is missing: apt-get install clang-tidy" >&2
    exit 1
fi
# Two files at a time: the machine that this was made on has two cores. gcc's own warning names are unknown to clang, and it looks into
# glib's headers, where a format is no literal.
printf '%s\n' "$@" | xargs -P 2 -n 4 clang-tidy --quiet -p "$build" $checks --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-format-nonliteral
