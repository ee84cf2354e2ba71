#!/bin/sh
# Every book, with legal pages, a story and pictures in it, by the checker of the EPUB's own keepers: sh tests/server/epub.sh PROGRAM
set -eu
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 tests/server/newsroom.py "$program" "$folder"
for lang in en ru tk fa; do
    for guide in "" tm-tr; do
        book=$folder/${guide:-programme}-$lang.epub
        # shellcheck disable=SC2086
        "$program" pack --data "$folder/data" --lang "$lang" ${guide:+--guide $guide} "$book" >/dev/null
        # Debian's epubcheck is an archive that the kernel must know how to start; java knows it anyway.
        if java -jar /usr/bin/epubcheck --failonwarnings "$book" >"$folder/said" 2>&1; then
            echo "ok epub: ${guide:-programme} in $lang"
        else
            cat "$folder/said"
            echo "not ok epub: ${guide:-programme} in $lang"
            exit 1
        fi
    done
done
