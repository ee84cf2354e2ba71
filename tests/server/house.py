"""A `kengesh serve` of the tests' own, and a browser that only speaks HTTP."""
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import urllib.parse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')


class House:
    """The program on a data folder with the demonstration in it; starts as often as it is ended."""

    def __init__(self, program, folder=None):
        self.program = os.path.abspath(program)
        self.folder = folder or tempfile.mkdtemp(prefix='kengesh-server-')
        self.data = os.path.join(self.folder, 'data')
        self.log = os.path.join(self.folder, 'log')
        self.proc = None
        out = self.command('demo', '--examples', os.path.join(ROOT, 'examples'), '--json')
        self.demo = json.loads(out)

    def command(self, *words):
        return subprocess.run([self.program, words[0], '--data', self.data, *words[1:]], check=True,
                              capture_output=True, text=True).stdout

    def start(self, *more):
        with open(self.log, 'a', encoding='utf-8') as log:
            self.proc = subprocess.Popen(
                [self.program, 'serve', '--data', self.data, '--site', 'http://localhost:8080', '--listen',
                 '127.0.0.1:0', '--log', 'debug', *more], stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.proc.stdout.readline()
        if 'port' not in line:
            raise RuntimeError('the server does not start: ' + open(self.log, encoding='utf-8').read()[-2000:])
        self.port = int(re.search(r'port (\d+)', line)[1])

    def kill(self):
        self.proc.kill()
        self.proc.wait()

    def stop(self):
        """SIGTERM; the exit status."""
        self.proc.send_signal(signal.SIGTERM)
        return self.proc.wait(30)


class Browser:
    """One session; one connection for each request, so that a killed server is no special case."""

    def __init__(self, house):
        self.house, self.cookie, self.csrf = house, '', ''

    def ask(self, method, path, fields=None, headers=None):
        """Status, text, headers."""
        body, kind = None, 'application/x-www-form-urlencoded'
        if fields is not None:
            body = urllib.parse.urlencode({**fields, **({'csrf': self.csrf} if self.csrf else {})})
        return self.send(method, path, body, kind, headers)

    def upload(self, path, fields, name, data):
        """A form with a file, as browsers send it (RFC 7578)."""
        border = b'----border' + os.urandom(8).hex().encode()
        parts = [b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (k.encode(), str(v).encode())
                 for k, v in {'csrf': self.csrf, **fields}.items()]
        parts.append(b'Content-Disposition: form-data; name="file"; filename="%s"\r\n'
                     b'Content-Type: application/octet-stream\r\n\r\n%s' % (name.encode(), data))
        body = b''.join(b'--' + border + b'\r\n' + part + b'\r\n' for part in parts) + b'--' + border + b'--\r\n'
        return self.send('POST', path, body, 'multipart/form-data; boundary=' + border.decode())

    def send(self, method, path, body, kind, headers=None):
        c = http.client.HTTPConnection('127.0.0.1', self.house.port, timeout=30)
        h = {'Host': 'localhost:8080', 'User-Agent': 'Mozilla/5.0', **(headers or {})}
        if self.cookie:
            h['Cookie'] = self.cookie
        if body is not None:
            h['Content-Type'] = kind
            h['Origin'] = 'http://localhost:8080'
        try:
            c.request(method, path, body, h)
            r = c.getresponse()
            text = r.read().decode('utf-8', 'replace')
        finally:
            c.close()
        for value in r.headers.get_all('Set-Cookie') or []:
            if value.startswith('kengesh'):
                self.cookie = value.split(';')[0]
        found = re.search(r'name="csrf" value="([^"]+)"', text)
        if found:
            self.csrf = found[1]
        return r.status, text, r.headers

    def sign_in(self, login=None, password=None):
        """As the demonstration's organiser, unless somebody else is named."""
        status, text, _ = self.ask('POST', '/sign-in', {'login': login or self.house.demo['login'],
                                                        'password': password or self.house.demo['password'],
                                                        'next': '/desk'})
        assert status == 303, (status, text[:300])
        if not login:
            assert self.ask('GET', '/desk/orgs')[0] == 200 and self.csrf
        return self

    def add_org(self, slug, name=None):
        return self.ask('POST', '/desk/orgs', {'slug': slug, 'kind': 'ngo', 'country': 'TM', 'name_en': name or slug})

    def has_orgs(self, slugs):
        """Those of them that the desk does not list."""
        text = self.ask('GET', '/desk/orgs')[1]
        return [s for s in slugs if f'/desk/orgs/{s}"' not in text]


class Writers:
    """Threads that add organisations without pause; `acked` are those that were answered with 303."""

    def __init__(self, browser, word, n=4):
        self.browser, self.word, self.acked = browser, word, []
        self.lock, self.is_over, self.some = threading.Lock(), False, threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(i,)) for i in range(n)]
        for t in self.threads:
            t.start()

    def run(self, i):
        for k in range(100000):
            slug = f'{self.word}-{i}-{k}'
            try:
                status = self.browser.add_org(slug)[0]
            except (OSError, http.client.HTTPException):
                return
            if status == 429:  # the session's rate, which a person does not reach
                return
            with self.lock:
                if status == 303:
                    self.acked.append(slug)
                if len(self.acked) >= self.wanted:
                    self.some.set()
            if self.is_over:
                return

    wanted = 5

    def join(self):
        self.is_over = True
        for t in self.threads:
            t.join()
        return self.acked
