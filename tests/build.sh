# How ./test builds. Sourced, it gives the functions; run, it builds what is named from what others leave of the processor:
#   sh tests/build.sh asan tsan
# shellcheck shell=sh

build() { # build FOLDER COMPILER MESON-OPTIONS...: configures once, builds what $targets names or all, warnings are errors
    folder=$1
    compiler=$2
    shift 2
    # mold links the test programs, which all carry the whole server, in a fraction of the time
    # A folder of an older state of the project may have been made with other options.
    if [ ! -f "$folder/build.ninja" ]; then
        CC=$compiler CC_LD=mold meson setup "$folder" -Dwerror=true "$@" >/dev/null || return 1
    elif [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
        meson configure "$folder" -Dwerror=true "$@" >/dev/null || return 1
    fi
    printf '%s\n' "$*" >"$folder/options"
    # shellcheck disable=SC2086
    ninja -C "$folder" --quiet ${targets:-}
}

# With sanitizers the compiler optimises less: it has done in three quarters of the time, and what it makes runs about as fast.

build_asan() {
    build build/asan clang -Db_sanitize=address,undefined -Db_lundef=false -Dfuzz=replay -Doptimization=1
}

build_tsan() { # the programs that start threads, or what is named: build_tsan all
    (targets=${1:-threads} && build build/tsan clang -Db_sanitize=thread -Db_lundef=false -Doptimization=1)
}

# Idle priority counts only inside one session where the kernel shares time between sessions first (autogroup): this one steps back too.
if [ $# -gt 0 ]; then
    chrt -i -p 0 $$ >/dev/null 2>&1
    { echo 19 >/proc/self/autogroup; } 2>/dev/null
    for what in "$@"; do
        "build_$what"
    done
fi
