#!/usr/bin/env python3
"""Requests per second of server CPU: kengesh serve and nginx, on the same bytes.

    bench/vs-nginx/run.py BUILD [--seconds 4] [--rounds 3] [--page /en/news/…] [--edge]

BUILD is a build folder configured with --buildtype=release (and -Dbench=true for --edge). Needs the
Debian packages nginx-light, wrk and nghttp2-client. The page is the demonstration's news item as
our server sends it; nginx gets its bytes, plain and packed, and its headers as files and settings.
One nginx worker without access log, with open_file_cache and gzip_static; one web thread of ours;
the same certificate and cipher; rounds alternate. CPU time is user and system time of the whole
server process (ours with its store and media threads), so what the load costs does not count.
--edge measures the edge alone, which answers from memory without routes, rates and counting.
"""
import argparse, gzip, http.client, os, re, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, '..', '..', 'examples')
# What nginx says by itself, or about the bytes at hand.
OWN = {'date', 'etag', 'vary', 'content-length', 'content-type', 'content-encoding', 'connection', 'accept-ranges'}
CIPHER = 'ECDHE-ECDSA-AES128-GCM-SHA256'

NGINX = '''
worker_processes 1;
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    types {{ text/html html; }}
    charset utf-8;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=100;
    open_file_cache_valid 60s;
    gzip_static on;
    gzip_vary on;
    client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
    uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
    ssl_certificate {dir}/cert.pem;
    ssl_certificate_key {dir}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    {headers}
    server {{ listen 127.0.0.1:{plain}; root {dir}; }}
    server {{ listen 127.0.0.1:{tls} ssl http2; root {dir}; }}
}}
'''


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def cpu_s(pid):
    with open(f'/proc/{pid}/stat') as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def rss_mb(pid):
    with open(f'/proc/{pid}/status') as f:
        return int(re.search(r'VmRSS:\s+(\d+)', f.read())[1]) / 1024


def start_nginx(folder, headers):
    plain, tls = free_port(), free_port()
    path = f'{folder}/nginx.conf'
    lines = '\n    '.join(f'add_header {name} "{value}";' for name, value in headers)
    with open(path, 'w') as f:
        f.write(NGINX.format(dir=folder, plain=plain, tls=tls, headers=lines))
    proc = subprocess.Popen(['nginx', '-p', folder, '-e', f'{folder}/error.log', '-c', path],
                            stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.05)
        kids = subprocess.run(['pgrep', '-P', str(proc.pid)], capture_output=True, text=True).stdout.split()
        if kids:
            return proc, int(kids[0]), plain, tls
    sys.exit('nginx does not start: ' + open(f'{folder}/error.log').read())


def start_edge(build, folder, more):
    proc = subprocess.Popen([f'{build}/bench/edge', f'{folder}/page.html', f'{folder}/page.html.gz', *more],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return proc, int(proc.stdout.readline())


def start_kengesh(build, folder, name, more):
    program = f'{build}/src/app/kengesh'
    data = f'{folder}/{name}'
    site = ('https' if more else 'http') + '://localhost:8080'
    subprocess.run([program, 'demo', '--data', data, '--examples', EXAMPLES, '--site', site], check=True,
                   stdout=subprocess.DEVNULL)
    proc = subprocess.Popen([program, 'serve', '--data', data, '--site', site, '--listen', '127.0.0.1:0',
                             '--threads', '1', '--log', 'error', *more], stdout=subprocess.PIPE, text=True)
    return proc, int(re.search(r'port (\d+)', proc.stdout.readline())[1])


def fetch(port, path, encoding):
    c = http.client.HTTPConnection('127.0.0.1', port)
    c.request('GET', path, headers={'Accept-Encoding': encoding, 'User-Agent': 'Mozilla/5.0'})
    r = c.getresponse()
    assert r.status == 200, r.status
    return r.getheaders(), r.read()


def load(kind, port, conns, seconds, path):
    """Requests that were answered well."""
    if kind == 'h2':
        cmd = ['h2load', '-t1', f'-c{conns}', '-m10', f'-D{seconds}', '-Haccept-encoding: gzip',
               f'--ciphers={CIPHER}', f'https://127.0.0.1:{port}{path}']
        text = subprocess.run(cmd, capture_output=True, text=True).stdout
        m = re.search(r'requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed', text)
        assert m, text
        return int(m[1])
    scheme = 'http' if kind == 'plain' else 'https'
    cmd = ['wrk', '-t1', f'-c{conns}', f'-d{seconds}s', '-H', 'Accept-Encoding: gzip', '-H', 'User-Agent: Mozilla/5.0',
           *(['-H', 'Connection: close'] if kind == 'new' else []),
           f'{scheme}://127.0.0.1:{port}{path}']
    text = subprocess.run(cmd, capture_output=True, text=True).stdout
    assert 'Non-2xx' not in text, text
    return int(re.search(r'(\d+) requests in', text)[1])


def measure(pid, kind, port, conns, a):
    before = cpu_s(pid)
    n = load(kind, port, conns, a.seconds, a.page)
    return n / max(cpu_s(pid) - before, 0.01)


def make_certificate(folder):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                    '-nodes', '-keyout', f'{folder}/key.pem', '-out', f'{folder}/cert.pem', '-days', '2',
                    '-subj', '/CN=localhost'], check=True, stderr=subprocess.DEVNULL)
    os.chmod(folder, 0o755)
    os.chmod(f'{folder}/key.pem', 0o644)
    return [f'{folder}/cert.pem', f'{folder}/key.pem']


def save_page(folder, port, path):
    """The page as we send it, for nginx; its headers."""
    headers, body = fetch(port, path, 'identity')
    packed = fetch(port, path, 'gzip')[1]
    assert gzip.decompress(packed) == body
    target = folder + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    for name, data in ((target, body), (target + '.gz', packed), (f'{folder}/page.html', body),
                       (f'{folder}/page.html.gz', packed)):
        with open(name, 'wb') as f:
            f.write(data)
    print(f'{path}: {len(body)} bytes, {len(packed)} packed')
    return [(k, v) for k, v in headers if k.lower() not in OWN]


def main():
    p = argparse.ArgumentParser()
    p.add_argument('build')
    p.add_argument('--seconds', type=int, default=4)
    p.add_argument('--rounds', type=int, default=3)
    p.add_argument('--page', default='/en/news/media-and-ngos-2020')
    p.add_argument('--only', help='kind:connections, as in tls:64')
    p.add_argument('--edge', action='store_true')
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pem = make_certificate(folder)
        plain, eplain = start_kengesh(a.build, folder, 'plain', [])
        tls, etls = start_kengesh(a.build, folder, 'tls', ['--tls-cert', pem[0], '--tls-key', pem[1]])
        nginx, worker, nplain, ntls = start_nginx(folder, save_page(folder, eplain, a.page))
        procs = [plain, tls, nginx]
        if a.edge:
            plain, eplain = start_edge(a.build, folder, [])
            tls, etls = start_edge(a.build, folder, pem)
            procs += [plain, tls]
        try:
            print(f'{"":14}{"nginx":>10}{"ours":>10}{"ratio":>8}   requests per second of CPU, median')
            for kind, conns in [('plain', 64), ('plain', 1000), ('tls', 64), ('tls', 1000), ('new', 64), ('h2', 64)]:
                if a.only and a.only != f'{kind}:{conns}':
                    continue
                theirs, ours = [], []
                for _ in range(a.rounds):
                    theirs.append(measure(worker, kind, nplain if kind == 'plain' else ntls, conns, a))
                    ours.append(measure(plain.pid if kind == 'plain' else tls.pid, kind,
                                        eplain if kind == 'plain' else etls, conns, a))
                t, o = statistics.median(theirs), statistics.median(ours)
                print(f'{kind:>6}{conns:>6}  {t:10.0f}{o:10.0f}{o / t:8.2f}', flush=True)
            print(f'memory: nginx {rss_mb(worker):.0f} MB, ours {rss_mb(plain.pid):.0f} MB plain, '
                  f'{rss_mb(tls.pid):.0f} MB TLS')
        finally:
            for proc in procs:
                proc.terminate()
                proc.wait()


main()
