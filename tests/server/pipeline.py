"""Several requests behind one another on one connection (RFC 9112, 9.3.2), put to the whole program.

The answers come in the order of the requests, however their bytes arrive; one that takes its time is
not overtaken; those that wait cost no memory; a request whose end two readers could see in different
places ends the connection, so what stands behind it is never a request.
"""
import re
import socket

HOST = b'Host: localhost:8080\r\nUser-Agent: Mozilla/5.0\r\n'
NEWS = b'/en/news/media-and-ngos-2020'


def get(path, more=b''):
    return b'GET ' + path + b' HTTP/1.1\r\n' + HOST + more + b'\r\n'


def post(path, fields):
    return (b'POST ' + path + b' HTTP/1.1\r\n' + HOST + b'Origin: http://localhost:8080\r\n'
            b'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n' % len(fields)) + fields


class Line:
    """One connection; reads answers one by one."""

    def __init__(self, house):
        self.socket = socket.create_connection(('127.0.0.1', house.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b''

    def more(self):
        some = self.socket.recv(1 << 16)
        self.rest += some
        return len(some) > 0

    def answer(self):
        """(status, location or title); None when the connection has ended."""
        try:
            while b'\r\n\r\n' not in self.rest:
                if not self.more():
                    return None
            head, self.rest = self.rest.split(b'\r\n\r\n', 1)
            length = int(re.search(rb'(?i)content-length: (\d+)', head)[1])
            while len(self.rest) < length:
                if not self.more():
                    return None
        except ConnectionResetError:
            return None
        body, self.rest = self.rest[:length], self.rest[length:]
        found = re.search(rb'<title>(.*?)</title>', body) or re.search(rb'(?i)\r\nlocation: (\S+)', head)
        return int(head.split()[1]), found[1].decode() if found else ''

    def close(self):
        self.socket.close()


def ask(house, *pieces, n):
    line = Line(house)
    for piece in pieces:
        line.socket.sendall(piece)
    answers = [line.answer() for _ in range(n)]
    line.close()
    return answers


def alone(house, request):
    return ask(house, request, n=1)[0]


def resident(house):
    with open(f'/proc/{house.proc.pid}/status', encoding='utf-8') as f:
        return int(re.search(r'VmRSS:\s+(\d+)', f.read())[1])


def in_order(house, check):
    # The POST waits for a password's hash (Argon2id) on another thread, and is refused.
    requests = [get(NEWS), post(b'/sign-in', b'login=nobody&password=wrong&next=/desk'), get(b'/en/nowhere'),
                post(b'/en/nowhere', b'a=b'), get(b'/en/privacy')]
    want = [alone(house, r) for r in requests]
    check('pipelining: the requests differ in their answers', len(set(want)) >= 4 and None not in want, want)
    got = ask(house, b''.join(requests), n=len(requests))
    check('pipelining: one segment, answers in order, the slow one is not overtaken', got == want, got)


def cut(house, check):
    requests = [get(NEWS), post(b'/en/nowhere', b'a=b'), get(b'/en/privacy')]
    want = [alone(house, r) for r in requests]
    all_of_it, wrong = b''.join(requests), []
    for at in range(1, len(all_of_it)):
        if ask(house, all_of_it[:at], all_of_it[at:], n=3) != want:
            wrong.append(at)
    check(f'pipelining: cut in two at each of {len(all_of_it) - 1} bytes', not wrong, wrong[:5])
    got = ask(house, *[bytes([b]) for b in all_of_it], n=3)
    check('pipelining: byte by byte', got == want, got)


def many(house, check):
    """Who sends and does not read: the server stops reading too, until somebody takes the answers."""
    line, sent, request = Line(house), 0, get(b'/en/nowhere')
    want = alone(house, request)
    before = resident(house)
    line.socket.settimeout(1)
    try:
        while sent < 200000:
            sent += line.socket.send(request[sent % len(request):] + request * 500)
    except TimeoutError:
        pass
    grown = resident(house) - before
    whole = sent // len(request)
    check(f'pipelining: {whole} requests without reading make the server stop reading', 100 < whole < 200000, whole)
    check(f'pipelining: they cost {grown} kB', grown < 4096, grown)
    line.socket.settimeout(30)
    answers = {line.answer() for _ in range(whole)}
    check('pipelining: each of them has its answer', answers == {want}, list(answers)[:5])
    line.close()


def smuggled(house, check):
    behind = get(b'/en/privacy')
    head = b'POST /en/nowhere HTTP/1.1\r\n' + HOST + b'Origin: http://localhost:8080\r\n'
    rows = {
        'two lengths': head + b'Content-Length: 0\r\nContent-Length: %d\r\n\r\n' % len(behind),
        'a list of lengths': head + b'Content-Length: 0, 0\r\n\r\n',
        'length and chunks': head + b'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'chunks written otherwise': head + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
        'chunks twice': head + b'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        'a length with a sign': head + b'Content-Length: +0\r\n\r\n',
        'a name before a space': head + b'Content-Length : 0\r\n\r\n',
        'a folded line': head + b'X: y\r\n Content-Length: 0\r\n\r\n',
        'a bare line feed': head + b'X: y\nContent-Length: 0\r\n\r\n',
        'a bare carriage return': head + b'X: y\rContent-Length: 0\r\n\r\n',
        'a chunk behind a bare line feed': head + b'Transfer-Encoding: chunked\r\n\r\n0\n\r\n',
        'two hosts': head + b'Host: other.example\r\nContent-Length: 0\r\n\r\n',
    }
    first = alone(house, get(NEWS))
    for name, request in rows.items():
        got = ask(house, get(NEWS) + request + behind + behind, n=3)
        check(f'pipelining: {name}: refused, and nothing behind it is read',
              got[0] == first and got[1] and 400 <= got[1][0] <= 501 and got[2] is None, got)


def run(house, check):
    for part in (in_order, cut, many, smuggled):
        part(house, check)
