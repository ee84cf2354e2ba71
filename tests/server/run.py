#!/usr/bin/env python3
"""The whole program over HTTP, in its worst moments. Prints a TAP line for each check.

    unshare -rm tests/server/run.py PROGRAM [WORD…]      (as root: unshare -m)

kill9     SIGKILL at random moments of writes: every organisation whose adding was answered is there
term      SIGTERM while forms are on their way: the same, and it ends by itself
full      the disk is full (a small tmpfs): the page says so in words, readers still read, and it goes
          on by itself when there is room
locked    another program holds the store: the page says that nothing was changed; afterwards it goes on
debug     what the house says of itself to operators, and to nobody else
unseen    whatever page an organiser, an editor or an operator opens: nothing of the file of requests for help
calendar  the seminar's calendar file, read by python3-icalendar
views     what was counted is stored by itself a few seconds later, and kill -9 takes nothing of that
pipelining  requests behind one another on a connection (tests/server/pipeline.py)
uploading   large files, and who may not send them (tests/server/upload.py)
script      ./run names ::1 where this machine has it and nowhere else, so that it starts without IPv6 too
secrets   the log of a scenario at level debug, and the headers of its answers, hold no secret
"""
import concurrent.futures
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import pipeline
import upload
from house import Browser, House, Writers

READER = '/en/news/media-and-ngos-2020'
failed = 0


def check(name, is_good, why=''):
    global failed
    failed += not is_good
    print(('ok ' if is_good else 'not ok ') + name + ('' if is_good else f': {why}'), flush=True)


def interrupted(program, word, rounds, end):
    house = House(program)
    acked = []
    for n in range(rounds):
        house.start()
        me = Browser(house).sign_in()
        missing = me.has_orgs(acked)
        check(f'{word} {n}: {len(acked)} acknowledged ones are there', not missing, missing[:3])
        writers = Writers(me, f'{word}-{n}')
        writers.wanted = random.randint(1, 25)
        writers.some.wait(20)
        end(house)
        acked += writers.join()
    house.start()
    missing = Browser(house).sign_in().has_orgs(acked)
    check(f'{word}: all {len(acked)} are there at the end', not missing and len(acked) >= rounds, missing[:3])
    house.stop()
    shutil.rmtree(house.folder)


def kill9(program):
    interrupted(program, 'kill9', 5, House.kill)


def term(program):
    def end(house):
        status = house.stop()
        check('term: ended by itself', status == 0, status)
    interrupted(program, 'term', 3, end)


def fill(path):
    """Takes all the room there is."""
    with open(path, 'wb') as f:
        try:
            while True:
                f.write(bytes(65536))
                f.flush()
        except OSError:
            pass
    with open(path + '2', 'wb', buffering=0) as f:
        try:
            while True:
                f.write(bytes(512))
        except OSError:
            pass


def full(program):
    folder = tempfile.mkdtemp(prefix='kengesh-full-')
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=12m', 'none', folder], check=False).returncode:
        check('full: a small disk can be mounted', False, 'run it in a mount namespace: unshare -rm')
        return
    house = House(program, folder)
    house.log = os.path.join(tempfile.gettempdir(), f'kengesh-full-{os.getpid()}.log')
    house.start()
    me = Browser(house).sign_in()
    acked = ['before']
    assert me.add_org('before')[0] == 303
    fill(os.path.join(folder, 'filler'))
    status = 303
    for i in range(400):  # what the log of the store still had room for is acknowledged, and must stay
        status, text, _ = me.add_org(f'more-{i}', 'x' * 900)
        if status != 303:
            break
        acked.append(f'more-{i}')
    check('full: says so with 507', status == 507, status)
    check('full: in words, and what to do', 'no space left' in text and 'Keep your text' in text, text[:400])
    status, text, _ = me.ask('GET', READER)
    check('full: readers still read', status == 200 and 'views' in text, status)
    missing = me.has_orgs(acked)
    check(f'full: all {len(acked)} acknowledged are still there', not missing, missing[:3])
    os.unlink(os.path.join(folder, 'filler'))
    os.unlink(os.path.join(folder, 'filler2'))
    status, text, _ = me.add_org('after')
    check('full: goes on by itself when there is room', status == 303, (status, text[:300]))
    acked.append('after')
    house.kill()
    house.start()
    missing = Browser(house).sign_in().has_orgs(acked)
    check('full: and all of it is there after kill -9', not missing, missing[:3])
    house.stop()
    os.unlink(house.log)
    subprocess.run(['umount', folder], check=False)
    os.rmdir(folder)


def locked(program):
    house = House(program)
    house.start()
    me = Browser(house).sign_in()
    assert me.add_org('before')[0] == 303
    other = sqlite3.connect(os.path.join(house.data, 'kengesh.db'), isolation_level=None)
    other.execute('BEGIN IMMEDIATE')
    began = time.monotonic()
    status, text, _ = me.add_org('meanwhile')
    check('locked: says so soon', time.monotonic() - began < 5, time.monotonic() - began)
    check('locked: says so with 503', status == 503, status)
    check('locked: in words, and what to do', 'Nothing was changed' in text and 'try again' in text, text[:400])
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda i: me.add_org('meanwhile')[0], range(6)))
    check('locked: six at once wait together', set(answers) == {503} and time.monotonic() - began < 6,
          (answers, time.monotonic() - began))
    status, text, _ = me.ask('GET', READER)
    check('locked: readers still read', status == 200, status)
    other.execute('ROLLBACK')
    other.close()
    check('locked: goes on afterwards', me.add_org('after')[0] == 303)
    check('locked: nothing else was changed', me.has_orgs(['before', 'meanwhile', 'after']) == ['meanwhile'])
    house.stop()
    shutil.rmtree(house.folder)


CANARY = 'zq7-nobody-may-read-this'


def pages(house, program):
    """Every address that can be asked for without a form, with what the demonstration has in it."""
    table = subprocess.run([program, 'routes'], check=True, capture_output=True, text=True).stdout
    values = {'lang': 'en', 'slug': house.demo['slug'], 'id': '1', 'name': 'style.css', 'key': 'en'}
    for line in table.splitlines():
        found = re.search(r'\bGET\b.*?(/\S*)', line)
        if found and '/ws' not in found[1]:
            yield re.sub(r'\{(\w+)\}', lambda m: values.get(m[1], '1'), found[1])


def unseen(program):
    house = House(program)
    house.start()
    house.stop()
    file = sqlite3.connect(os.path.join(house.data, 'help.db'))
    tables = [t for (t,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    file.execute("CREATE TABLE canary (words TEXT)")
    file.execute('INSERT INTO canary VALUES (?)', (CANARY,))
    file.commit()
    file.close()
    check('unseen: only its owner may open the file', os.stat(os.path.join(house.data, 'help.db')).st_mode & 0o77 == 0)
    house.start()
    names = [t for t in tables if t != 'migrations'] + [CANARY]
    for right in ('event', 'editor', 'system'):
        password = house.command('account', 'add', right, '--rights', right).split()[-1]
        me = Browser(house).sign_in(right, password)
        seen, n = [], 0
        for path in pages(house, program):
            status, text, _ = me.ask('GET', path)
            n += status == 200
            seen += [(path, word) for word in names if word in text]
        check(f'unseen: {n} pages of {right} say nothing of it', not seen and n > 10, (n, seen[:3]))
    house.stop()
    shutil.rmtree(house.folder)


def calendar(program):
    house = House(program)
    house.start()
    status, text, _ = Browser(house).ask('GET', f'/en/s/{house.demo["slug"]}/calendar.ics')
    program_of_theirs = (
        'import icalendar, sys; c = icalendar.Calendar.from_ical(sys.stdin.buffer.read());'
        'e = [x for x in c.walk("VEVENT")]; assert len(e) == 1 and not c.errors and not e[0].errors;'
        'assert e[0].decoded("dtend") > e[0].decoded("dtstart"); print(e[0]["uid"], e[0].decoded("dtstart").isoformat())')
    read = subprocess.run(['/usr/bin/python3', '-c', program_of_theirs], input=text.encode(), capture_output=True, check=False)
    check('calendar: python3-icalendar reads it', status == 200 and read.returncode == 0 and b'+00:00' in read.stdout,
          read.stderr.decode()[-300:] or read.stdout)
    check('calendar: lines end as RFC 5545 wants, none over 75 bytes',
          all(len(line) <= 75 for line in text.encode().split(b'\r\n')) and '\n' not in text.replace('\r\n', ''))
    house.stop()
    shutil.rmtree(house.folder)


def views(program):
    house = House(program)
    house.start()

    def stored():
        file = sqlite3.connect(f'file:{house.data}/kengesh.db?mode=ro', uri=True)
        n = file.execute("SELECT coalesce(sum(n), 0) FROM views WHERE page LIKE 'news:%'").fetchone()[0]
        file.close()
        return n
    before, began = stored(), time.monotonic()
    for _ in range(12):
        Browser(house).ask('GET', READER)
    while stored() < before + 12 and time.monotonic() < began + 120:
        time.sleep(0.05)
    waited = time.monotonic() - began
    check(f'views: stored by themselves ({waited:.1f} s after the first, 5 s after the last at most)', stored() == before + 12, stored())
    house.kill()
    check('views: they outlive kill -9', stored() == before + 12, stored())
    house.start()
    status, text, _ = Browser(house).ask('GET', READER)
    check('views: readers see them', status == 200 and f'{before + 12} views' in text, text[:1500])
    text = Browser(house).ask('GET', READER.replace('/en/', '/ru/'))[1]
    check('views: the notice of the table of countries says its language', 'lang="en" dir="ltr">Countries of addresses' in text, text[-3000:])
    house.stop()
    shutil.rmtree(house.folder)


def secrets(program):
    house = House(program)
    house.start()
    me = Browser(house)
    seen, words = [], {house.demo['password'], house.demo['login'], 'wrong-password-1'}
    links = [p['path'] for p in house.demo['people']]
    me.ask('POST', '/sign-in', {'login': house.demo['login'], 'password': 'wrong-password-1', 'next': '/desk'})
    me.sign_in()
    words |= {me.cookie.split('=')[1], me.csrf} | {p['path'].split('/')[-1] for p in house.demo['people']}
    words |= {p['person'] for p in house.demo['people'] if p['person']}
    words.add('127.0.0.1:')
    guest = Browser(house)
    for path in (READER, '/en', '/desk', '/desk/orgs', '/nothing', links[0], '/i/wrong-token-of-nobody', '/desk/s/x',
                 f'/desk/s/{house.demo["slug"]}/people'):
        seen.append(me.ask('GET', path))
    seen.append(guest.ask('POST', links[-1] + '/reply', {'reply': 'yes', 'note': 'a-note-of-a-person'}))
    seen.append(guest.ask('POST', links[-1] + '/open', {}))
    words |= {guest.cookie.split('=')[-1], 'a-note-of-a-person'} - {''}
    seen.append(me.add_org('bad slug!', 'a-name-in-a-form'))
    words.add('a-name-in-a-form')
    house.stop()
    log = open(house.log, encoding='utf-8').read()
    found = [w for w in words if w in log]
    check(f'secrets: none of {len(words)} stands in the log', not found and log, found)
    check('secrets: no address of a reader stands in the log', not re.search(r'peer=|addr=', log))
    check('secrets: pages are not told to other sites (Referrer-Policy)',
          all(h['Referrer-Policy'] == 'same-origin' for _, _, h in seen))
    places = [h['Location'] for _, _, h in seen if h['Location']]
    found = [p for p in places for w in words if w in p]
    check('secrets: none stands in an address that we send on to', not found, found)
    kept = [h['Cache-Control'] for s, t, h in seen[2:] if h['Cache-Control'] != 'no-store']
    check('secrets: nothing of a person is kept by a browser', not kept, kept)
    shutil.rmtree(house.folder)


def debug(program):
    house = House(program)
    made = house.command('account', 'add', 'op', '--rights', 'system')
    house.start()
    organiser = Browser(house).sign_in()
    operator = Browser(house)
    operator.ask('POST', '/sign-in', {'login': 'op', 'password': made.split()[-1], 'next': '/desk'})
    people = [p['person'] for p in house.demo['people'] if p['person']]
    for path, word in (('media', 'media thread: under 1 ms'), ('store', 'commits'), ('loop', 'web thread 2')):
        status, text, headers = operator.ask('GET', '/debug/' + path)
        check(f'debug: {path}', status == 200 and word in text, (status, text[:300]))
        check(f'debug: {path} names nobody', not any(w in text for w in [*people, '127.0.0.1', '@']), text[:300])
        check(f'debug: {path} is for operators', organiser.ask('GET', '/debug/' + path)[0] == 403)
    house.stop()
    shutil.rmtree(house.folder)


def pipelining(program):
    house = House(program)
    house.start()
    pipeline.run(house, check)
    check('pipelining: it still ends by itself', house.stop() == 0)
    shutil.rmtree(house.folder)


def uploading(program):
    house = House(program)
    house.start('--threads', '1')
    upload.uploads(house, check)
    check('upload: it still ends by itself', house.stop() == 0)
    shutil.rmtree(house.folder)


# In the place of the program that ./run starts: does it name ::1 just when a socket can be bound there?
STAND_IN = """#!/usr/bin/env python3
import socket, sys
if sys.argv[1] == 'serve':
    try:
        socket.socket(socket.AF_INET6).bind(('::1', 0))
        is_there = True
    except OSError:
        is_there = False
    listen = sys.argv[sys.argv.index('--listen') + 1].split(',')
    print('right' if listen == ['127.0.0.1:8080'] + ['[::1]:8080'] * is_there else (is_there, listen))
"""


def script(_):
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
    folder = tempfile.mkdtemp(prefix='kengesh-script-')
    files = {'bin/ninja': '#!/bin/sh\n', 'bin/dpkg-query': '#!/bin/sh\necho install ok installed\n', 'build/build.ninja': '',
             'build/src/app/kengesh': STAND_IN}
    for name in ('run', 'tools/packages.sh'):
        with open(os.path.join(root, name), encoding='utf-8') as f:
            files[name] = f.read()
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        os.chmod(path, 0o755)
    environ = {**os.environ, 'PATH': os.path.join(folder, 'bin') + ':' + os.environ['PATH']}
    # a new network's loopback is down, and has no ::1
    for what, first in (('without ::1', ''), ('with loopback', 'ip link set lo up;')):
        done = subprocess.run(['unshare', '-n', 'sh', '-c', first + './run'], cwd=folder, env=environ, capture_output=True,
                              text=True, check=False)
        check(f'script: {what}', done.stdout.split('\n')[0] == 'right', (done.stdout, done.stderr))
    shutil.rmtree(folder)


def main():
    program, wanted = sys.argv[1], sys.argv[2:]
    for run in (kill9, term, full, locked, unseen, calendar, views, secrets, debug, pipelining,
                uploading, script):
        if not wanted or run.__name__ in wanted:
            run(program)
    sys.exit(failed != 0)


main()
