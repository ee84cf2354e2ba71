#!/usr/bin/env python3
"""Requests per second of server CPU: our edge and nginx, on the same bytes.

    bench/vs-nginx/run.py BUILD [--seconds 4] [--rounds 3] [--page FILE]

BUILD is a build folder configured with --buildtype=release -Dbench=true. Needs the Debian packages
nginx-light, wrk and nghttp2-client. One nginx worker without access log, with open_file_cache and
gzip_static; one web thread of ours; the same page, certificate and cipher; rounds alternate. CPU
time is user and system time of the server process, so what the load costs does not count.
"""
import argparse, gzip, os, re, socket, statistics, subprocess, sys, tempfile, time

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
    add_header Content-Security-Policy "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    add_header X-Content-Type-Options nosniff;
    add_header Cache-Control no-cache;
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


def start_nginx(folder):
    plain, tls = free_port(), free_port()
    path = f'{folder}/nginx.conf'
    with open(path, 'w') as f:
        f.write(NGINX.format(dir=folder, plain=plain, tls=tls))
    proc = subprocess.Popen(['nginx', '-p', folder, '-e', f'{folder}/error.log', '-c', path],
                            stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.05)
        kids = subprocess.run(['pgrep', '-P', str(proc.pid)], capture_output=True, text=True).stdout.split()
        if kids:
            return proc, int(kids[0]), plain, tls
    sys.exit('nginx does not start: ' + open(f'{folder}/error.log').read())


def start_edge(build, folder, *more):
    proc = subprocess.Popen([f'{build}/bench/edge', f'{folder}/page.html', f'{folder}/page.html.gz', *more],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return proc, int(proc.stdout.readline())


def load(kind, port, conns, seconds):
    """Requests that were answered well."""
    if kind == 'h2':
        cmd = ['h2load', '-t1', f'-c{conns}', '-m10', f'-D{seconds}', '-Haccept-encoding: gzip',
               f'--ciphers={CIPHER}', f'https://127.0.0.1:{port}/page.html']
        text = subprocess.run(cmd, capture_output=True, text=True).stdout
        m = re.search(r'requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed', text)
        assert m, text
        return int(m[1])
    scheme = 'https' if kind == 'tls' else 'http'
    cmd = ['wrk', '-t1', f'-c{conns}', f'-d{seconds}s', '-H', 'Accept-Encoding: gzip',
           f'{scheme}://127.0.0.1:{port}/page.html']
    text = subprocess.run(cmd, capture_output=True, text=True).stdout
    assert 'Non-2xx' not in text, text
    return int(re.search(r'(\d+) requests in', text)[1])


def measure(pid, kind, port, conns, seconds):
    before = cpu_s(pid)
    n = load(kind, port, conns, seconds)
    return n / max(cpu_s(pid) - before, 0.01)


def make_files(folder, page):
    body = open(page, 'rb').read() if page else None
    if body is None:  # as large as a reader's page: 9 kB plain, about 3 kB packed
        words = [f'item-{i * 7919 % 1000}' for i in range(900)]
        body = ('<!doctype html><title>page</title><p>' + ' '.join(words)).encode()[:9000]
    with open(f'{folder}/page.html', 'wb') as f:
        f.write(body)
    with open(f'{folder}/page.html.gz', 'wb') as f:
        f.write(gzip.compress(body, 9, mtime=0))
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                    '-nodes', '-keyout', f'{folder}/key.pem', '-out', f'{folder}/cert.pem', '-days', '2',
                    '-subj', '/CN=localhost'], check=True, stderr=subprocess.DEVNULL)
    os.chmod(folder, 0o755)
    os.chmod(f'{folder}/key.pem', 0o644)
    print(f'page: {len(body)} bytes, {os.path.getsize(folder + "/page.html.gz")} packed')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('build')
    p.add_argument('--seconds', type=int, default=4)
    p.add_argument('--rounds', type=int, default=3)
    p.add_argument('--page')
    p.add_argument('--only', help='kind:connections, as in tls:64')
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make_files(folder, a.page)
        nginx, worker, nplain, ntls = start_nginx(folder)
        plain, eplain = start_edge(a.build, folder)
        tls, etls = start_edge(a.build, folder, f'{folder}/cert.pem', f'{folder}/key.pem')
        try:
            print(f'{"":14}{"nginx":>10}{"ours":>10}{"ratio":>8}   requests per second of CPU, median')
            for kind, conns in [('plain', 64), ('plain', 1000), ('tls', 64), ('tls', 1000), ('h2', 64)]:
                if a.only and a.only != f'{kind}:{conns}':
                    continue
                theirs, ours = [], []
                for _ in range(a.rounds):
                    theirs.append(measure(worker, kind, nplain if kind == 'plain' else ntls, conns, a.seconds))
                    ours.append(measure(plain.pid if kind == 'plain' else tls.pid, kind,
                                        eplain if kind == 'plain' else etls, conns, a.seconds))
                t, o = statistics.median(theirs), statistics.median(ours)
                print(f'{kind:>6}{conns:>6}  {t:10.0f}{o:10.0f}{o / t:8.2f}', flush=True)
            print(f'memory: nginx {rss_mb(worker):.0f} MB, ours {rss_mb(plain.pid):.0f} MB plain, '
                  f'{rss_mb(tls.pid):.0f} MB TLS')
        finally:
            for proc in (plain, tls):
                proc.stdin.close()
                proc.wait()
            nginx.terminate()
            nginx.wait()


main()
