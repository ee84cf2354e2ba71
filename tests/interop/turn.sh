#!/bin/sh
# coturn's client (turnutils_uclient) against our TURN end, by UDP, TCP and TLS: it allocates, permits, sends indications, and
# every message comes back. Its channels are not tried: it binds channel 0x7F28, which RFC 8656 12 does not know any more, to the port behind the
# peer's, which is nobody's here, and 403 is the answer to that. Then it asks for
# other peers than ourselves, and gets none.
#   tests/interop/turn.sh build/bench/bench/door
set -u
program=$1
pipe=$(mktemp)
"$program" >"$pipe" &
door=$!
trap 'kill $door 2>/dev/null; rm -f "$pipe" "$pipe.out"' EXIT
while [ ! -s "$pipe" ]; do
    kill -0 $door 2>/dev/null || exit 1
    sleep 0.1
done
read -r _ tcp _ udp _ user _ password <"$pipe"
failed=0
number=0

tell() { # tell RESULT NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else
        echo "not ok $number - $2"
        failed=1
        sed 's/^/  # /' "$pipe.out" | tail -15
    fi
}

ask() { # ask PEER PORT ARGUMENTS...: one client, ten messages of 200 bytes
    peer=$1
    port=$2
    shift 2
    timeout 30 turnutils_uclient -c -X -m 1 -n 10 -l 200 -e "$peer" -r 40000 -p "$port" -u "$user" -w "$password" "$@" 127.0.0.1 >"$pipe.out" 2>&1
}

comes_back() { # comes_back NAME PORT ARGUMENTS...
    name=$1
    shift
    ask 192.0.2.1 "$@"
    grep -q 'Total lost packets 0 (0.000000%)' "$pipe.out"
    tell $? "$name"
}

comes_back "UDP" "$udp" -s
comes_back "TCP" "$tcp" -t -s
comes_back "TLS" "$tcp" -t -S -s

for peer in 127.0.0.1 10.0.0.1 192.0.2.2; do
    ask "$peer" "$tcp" -t
    grep -q '403' "$pipe.out"
    tell $? "$peer is refused as a peer"
done
password=wrong
ask 192.0.2.1 "$tcp" -t
! grep -q 'Total lost packets 0 ' "$pipe.out"
tell $? "a wrong password allocates nothing"
echo "1..$number"
exit $failed
