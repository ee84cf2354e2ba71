"""Large bodies, put to the whole program: slides of 20 MB, and who may not send them.

Who has no right to send a file is told so before it has come; a file that is too large is refused in the reader's language; files
that arrive slowly never take the memory that forms need.
"""
import re
import socket
import time

from house import Browser

ROWS = 2600  # and columns: a photograph of 20 MB


def photograph():
    """A PDF with one picture as it is, uncompressed (ISO 32000-1, 8.9.5)."""
    pixels = bytes(range(256)) * (ROWS * ROWS * 3 // 256 + 1)
    content = b'q 400 0 0 400 0 0 cm /I Do Q'
    objects = [
        b'<< /Type /Catalog /Pages 2 0 R >>', b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>',
        b'<< /Length %d >>\nstream\n%s\nendstream' % (len(content), content),
        b'<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Length %d >>\nstream\n%s\nendstream'
        % (ROWS, ROWS, ROWS * ROWS * 3, pixels[:ROWS * ROWS * 3]),
    ]
    pdf, at = b'%PDF-1.4\n', []
    for i, o in enumerate(objects):
        at.append(len(pdf))
        pdf += b'%d 0 obj\n%s\nendobj\n' % (i + 1, o)
    table = b''.join(b'%010d 00000 n \n' % n for n in at)
    return pdf + b'xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' % (len(at) + 1, table, len(at) + 1, len(pdf))


def begin(house, path, length, cookie='', some=b''):
    """A POST of which only the head and some bytes have come."""
    s = socket.create_connection(('127.0.0.1', house.port), timeout=30)
    s.sendall(b'POST %s HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: Mozilla/5.0\r\nAccept-Language: ru\r\nOrigin: http://localhost:8080\r\n'
              b'Cookie: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n' % (path.encode(), cookie.encode(), length) + some)
    return s


def answer(s):
    """(status, text) of what comes without another byte from us."""
    got = b''
    try:
        while b'</html>' not in got:
            more = s.recv(65536)
            if not more:
                break
            got += more
    except (ConnectionResetError, TimeoutError):
        pass
    s.close()
    return int(got.split()[1]) if got else 0, got.decode('utf-8', 'replace')


def slides(house, me, desk, check):
    check('upload: slides of 20 MB are taken', me.upload(desk, {}, 'photographs.pdf', photograph())[0] == 303)
    end = time.monotonic() + 60
    while (page := me.ask('GET', desk))[2]['Refresh'] and time.monotonic() < end:
        time.sleep(0.2)
    made = re.findall(r'/s/[^"]+/slides/(\d+)/1-small\.webp', page[1])
    check('upload: and drawn', len(made) >= 1 and 'photographs.pdf' in page[1] and f'/slides/{made[-1]}/' in page[1], page[1][-2000:])
    room = desk.replace('/desk', '')
    status, _, headers = me.ask('GET', f'{room}/{made[-1]}/1-large.webp') if made else (0, '', {})
    check('upload: a page of it is a picture', status == 200 and headers['Content-Type'] == 'image/webp', (status, made))


def limits(house, me, desk, check):
    status, text = answer(begin(house, desk, 20 << 20))
    check('upload: a stranger is told to sign in, before a file has come', status == 401 and '<html lang="ru"' in text, (status, text[:400]))
    status, text = answer(begin(house, desk, 41 << 20, me.cookie + '; lang=ru'))
    check('upload: too large is said in the language of who sends it', status == 413 and 'Слишком большой объём' in text, (status, text[-900:]))
    status, text = answer(begin(house, '/ru/check', 3 << 20))
    check('upload: nobody sends megabytes to a public form', status == 413 and '<html lang="ru"' in text, (status, text[:400]))


def memory(house, me, desk, check):
    arriving = [begin(house, desk, 40 << 20, me.cookie, bytes(33 << 20)) for _ in range(2)]
    third = begin(house, desk, 40 << 20, me.cookie)
    try:
        third.sendall(bytes(33 << 20))
    except (ConnectionResetError, BrokenPipeError):
        pass  # refused meanwhile
    check('upload: a third large file has to wait', answer(third)[0] in (0, 503))
    status = Browser(house).ask('POST', '/sign-in', {'login': house.demo['login'], 'password': house.demo['password'], 'next': '/desk'})[0]
    check('upload: forms find room beside files that arrive', status == 303, status)
    for s in arriving:
        s.close()
    me.ask('GET', desk)
    check('upload: and files again when those are gone', me.upload(desk, {}, 'x.pdf', b'no PDF' + bytes(1 << 20))[0] == 415)


def uploads(house, check):
    """The house has one web thread, so that all bodies share its memory."""
    me = Browser(house).sign_in()
    desk = f'/desk/s/{house.demo["slug"]}/slides'
    me.ask('GET', desk)
    limits(house, me, desk, check)
    memory(house, me, desk, check)
    slides(house, me, desk, check)
