"""Film clips of a media kit, over HTTP, with films that ffmpeg makes here: what of one is taken out, what is refused, who sees it when.

Nothing that stands in a film about who made it, where, when and with what is in what readers get, by any address; it plays all the same.
"""
import http.client
import io
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zipfile
import zlib

from house import Browser, House
from newsroom import agree

KIT = '/desk/kits/films'
CREDIT = 'Filmed by <us>, CC BY 4.0'
SEEN = {'seen_en': 'A road & "hills", no people. Wind is heard.', 'seen_ru': 'Дорога и холмы, людей нет. Слышен ветер.'}
PICTURE = ('-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25')
SOUND = ('-f', 'lavfi', '-i', 'sine=440')
H264 = ('-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p')
# What telephones, cameras and programs write, each with a word that must not come through.
SAID = ('-metadata', 'title=SECRET-TITLE', '-metadata', 'artist=SECRET-AUTHOR', '-metadata', 'comment=SECRET-COMMENT', '-metadata', 'make=SECRET-MAKE',
        '-metadata', 'location=+42.8746+074.5698/', '-metadata', 'com.apple.quicktime.location.ISO6709=+42.8746+074.5698/',
        '-metadata', 'creation_time=2024-05-06T07:08:09Z', '-metadata:s:v', 'handler_name=SECRET-HANDLER', '-metadata:s:v', 'creation_time=2024-05-06T07:08:09Z')
SECRETS = (b'SECRET', b'42.87', b'74.56', b'2024-05', b'x264', bytes.fromhex('e25e5a09'))  # the last: that moment as MP4 counts, from 1904


def ffmpeg(folder, name, *words):
    path = os.path.join(folder, name)
    subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-y', *words, path], check=True)
    with open(path, 'rb') as f:
        return f.read()


def films(folder):
    """Name → bytes of what is good, and (why, name, bytes, what the desk says) of what is none."""
    meta = os.path.join(folder, 'meta')
    with open(meta, 'w', encoding='utf-8') as f:
        f.write(';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=SECRET-CHAPTER\n')
    with open(os.path.join(folder, 'words.srt'), 'w', encoding='utf-8') as f:
        f.write('1\n00:00:00,000 --> 00:00:02,000\nSECRET-SUBTITLE\n')
    cover = os.path.join(folder, 'cover.png')
    ffmpeg(folder, 'cover.png', '-f', 'lavfi', '-i', 'color=red:size=64x64', '-frames:v', '1')
    mp4 = ffmpeg(folder, 'a.mp4', *PICTURE, *SOUND, '-i', os.path.join(folder, 'words.srt'), '-i', cover, '-f', 'ffmetadata', '-i', meta, *SAID, '-map', '0:v', '-map', '1:a',
                 '-map', '2:s', '-map', '3:v', '-map_chapters', '4', '-t', '3', *H264, '-c:v:1', 'png', '-disposition:v:1', 'attached_pic', '-c:a', 'aac', '-c:s', 'mov_text',
                 '-bsf:v:0', 'h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+SECRET-SEI', '-movflags', '+use_metadata_tags')
    webm = ffmpeg(folder, 'b.webm', *PICTURE, *SOUND, *SAID, '-t', '3', '-c:v', 'libvpx', '-b:v', '300k', '-c:a', 'libvorbis', '-metadata:s:a', 'title=SECRET-TRACK')
    mute = ffmpeg(folder, 'c.mov', '-f', 'lavfi', '-i', 'testsrc2=size=240x320:rate=25', *SAID, '-t', '2', *H264, '-movflags', '+faststart')
    two = ffmpeg(folder, 'two.mp4', *PICTURE, *PICTURE, '-map', '0:v', '-map', '1:v', '-t', '1', *H264)
    wide = ffmpeg(folder, 'wide.mp4', '-f', 'lavfi', '-i', 'color=red:size=6000x64:rate=5', '-t', '1', *H264)
    hevc = ffmpeg(folder, 'hevc.mp4', *PICTURE, '-t', '1', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error')
    alpha = ffmpeg(folder, 'alpha.webm', *PICTURE, *PICTURE, '-filter_complex', '[0:v][1:v]alphamerge,format=yuva420p', '-t', '1', '-c:v', 'libvpx', '-auto-alt-ref', '0')
    playlist = b'#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'
    sound = ffmpeg(folder, 'sound.mp4', *SOUND, '-t', '1', '-c:a', 'aac')
    return {'VID_20240506_SECRET.mp4': mp4, 'b.webm': webm, 'IMG_1.MOV': mute}, (
        ('whose picture is cut', 'a.mp4', mute[:len(mute) * 2 // 3], 'cut, or it is no film'),
        ('that is cut before its index', 'a.mp4', mp4[:len(mp4) // 2], 'cut, or it is no film'),
        ('of WebM that is cut', 'b.webm', webm[:len(webm) * 2 // 3], 'cut, or it is no film'),
        ('with two pictures', 'two.mp4', two, 'two picture tracks'),
        ('with a hidden picture', 'alpha.webm', alpha, 'second, hidden picture'),
        ('too wide', 'wide.mp4', wide, 'picture is too large'),
        ('whose coding most browsers do not show', 'hevc.mp4', hevc, 'neither H.264'),
        ('without a picture', 'sound.mp4', sound, 'cut, or it is no film'),
        ('that begins as one and is a list of others', 'list.mp4', b'\0\0\0\x18ftypisom' + playlist, 'cut, or it is no film'),
        ('that begins as WebM and is a list of others', 'list.webm', b'\x1a\x45\xdf\xa3webm\nffconcat version 1.0\nfile /etc/passwd\n', 'cut, or it is no film'),
    )


def fetch(house, path, headers=None, method='GET'):
    c = http.client.HTTPConnection('127.0.0.1', house.port, timeout=30)
    c.request(method, path, headers={'Host': 'localhost:8080', **(headers or {})})
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, body, r.headers


def probe(data, ending):
    """What ffprobe finds, with all frames decoded."""
    with tempfile.NamedTemporaryFile(suffix=ending) as f:
        f.write(data)
        f.flush()
        told = json.loads(subprocess.run(['ffprobe', '-v', 'error', '-of', 'json', '-count_frames', '-show_streams', '-show_format', '-show_chapters', f.name],
                                         check=True, capture_output=True).stdout)
        wrong = subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-xerror', '-i', f.name, '-f', 'null', '-'], capture_output=True, check=False)
    return told, wrong.returncode == 0 and not wrong.stderr


def is_clean(data):
    return not [s for s in SECRETS if s in data]


def waited(me):
    end = time.monotonic() + 90
    while 'is being cleaned' in (page := me.ask('GET', KIT)[1]) and time.monotonic() < end:
        time.sleep(0.5)
    return page


def add(me, name, data, **more):
    me.ask('GET', KIT)
    return me.upload(KIT + '/clips', {**SEEN, 'filmed': CREDIT, **more}, name, data)


def last_item(me):
    return max(int(n) for n in re.findall(KIT + r'/items/(\d+)', me.ask('GET', KIT)[1]))


def state(me, day):
    revision = re.search(r'name="revision" value="(\d+)"', me.ask('GET', KIT)[1])[1]
    return me.ask('POST', KIT + '/state', {'shown': '1', 'day': day, 'clock': '09:30' if day else '', 'revision': revision})[0]


def refused(me, bad, check):
    """Each says why, and goes."""
    for why, name, data, words in bad:
        status = add(me, name, data)[0]
        page = waited(me)
        check(f'clips: a film {why} is not taken, and the desk says why', status == 303 and 'could not be taken' in page and words in page, (status, page[-6000:]))
        me.ask('POST', f'{KIT}/items/{last_item(me)}/remove', {})
    for why, want, name, data, more in (
            ('text', 415, 'a.mp4', b'some text ' * 100, {}), ('a playlist', 415, 'a.mp4', b'#EXTM3U\n#EXTINF:9,\nhttp://a.example/a.ts\n', {}),
            ('nothing', 400, '', b'', {}), ('without credit', 400, 'a.mp4', b'\0\0\0\x18ftypisom', {'filmed': ''}),
            ('without words', 400, 'a.mp4', b'\0\0\0\x18ftypisom', {'seen_en': '', 'seen_ru': ''})):
        status, text, _ = add(me, name, data, **more)
        check(f'clips: {why} is refused at once, and what was written stays', status == want and 'Nothing was saved' in text
              and (why == 'without words' or 'A road &amp;' in text), (status, text[-6000:]))
    try:
        status, text, _ = add(me, 'a.mp4', b'\0\0\0\x18ftypisom' + bytes(41 << 20))
    except (BrokenPipeError, ConnectionResetError):  # told before all of it was sent
        status, text = 413, 'up to 40 MB'
    check('clips: one that is too large is refused before it has come, and the page says how large it may be', status == 413 and 'up to 40 MB' in text, (status, text[-900:]))
    status, text, _ = add(me, 'a.mp4', b'\0\0\0\x18ftypisom' + bytes((39 << 20) + 1))
    check('clips: one that just does not fit is told in the form', status == 413 and 'Export it smaller' in text, (status, text[:300]))


def shown(house, me, good, check):
    """(number, file name, bytes as they came) of each, as readers get them by the personal link."""
    numbers = []
    for name, data in good.items():
        check(f'clips: {name} has what must not come through', not is_clean(data))
        check(f'clips: {name} is taken', add(me, name, data)[0] == 303)
        page = waited(me)
        numbers.append((last_item(me), 'clip.webm' if name.endswith('webm') else 'clip.mp4', data))
        check(f'clips: {name} is clean now, and waits for a consent', f'{KIT}/{numbers[-1][0]}/clip.' in page and 'nobody has agreed to its use yet' in page, page[-6000:])
    return numbers


def read(house, me, link, numbers, check):
    for number, name, data in numbers:
        closed = [f'{base}/{number}/{file}' for base in ('/en/kit/films', link) for file in (name, 'still.jpg')]
        check(f'clips: nobody has {name} before somebody has agreed', all(fetch(house, u)[0] == 404 for u in closed)
              and f'/{number}/clip' not in fetch(house, link)[1].decode())
        check('clips: somebody agrees', agree(me, KIT, number, 'Whoever filmed it') == 303)
        status, body, headers = fetch(house, closed[2])
        told, plays = probe(body, name[4:])
        kinds = sorted(s['codec_type'] for s in told['streams'])
        check(f'clips: {name} has nothing of who, where, when and with what', status == 200 and is_clean(body), [s for s in SECRETS if s in body])
        check(f'clips: {name} has one picture, at most one sound and nothing else', kinds in (['video'], ['audio', 'video']) and not told['chapters'], told)
        check(f'clips: {name} plays to its end', plays and 2 <= float(told['format']['duration']) <= 3.3
              and int([s for s in told['streams'] if s['codec_type'] == 'video'][0]['nb_read_frames']) >= 45, told)
        check(f'clips: {name} says what it is, and nobody keeps it before its moment', headers['Content-Type'] == 'video/' + name[5:]
              and 'no-store' in headers['Cache-Control'] and headers['ETag'] and int(headers['Content-Length']) == len(body), headers)
        parts = [fetch(house, closed[2], {'Range': r}) for r in ('bytes=0-99', f'bytes=100-{len(body) - 50}', 'bytes=-49')]
        check(f'clips: {name} comes in parts, as players ask', [p[0] for p in parts] == [206] * 3 and b''.join(p[1] for p in parts) == body, [p[0] for p in parts])
        check(f'clips: {name} that one has is not sent again', fetch(house, closed[2], {'If-None-Match': headers['ETag']})[0] == 304
              and fetch(house, closed[2], method='HEAD')[2]['Content-Length'] == str(len(body)))
        status, still, headers = fetch(house, closed[3])
        check(f'clips: {name} has a still', status == 200 and still[:2] == b'\xff\xd8' and len(still) <= 40000 and headers['Content-Type'] == 'image/jpeg', (status, len(still)))


def page_of(house, url, numbers, check):
    status, text, headers = fetch(house, url)
    text = text.decode()
    check('clips: the page plays nothing by itself and loads no film before it is asked to', text.count('<video controls preload="none"') == len(numbers)
          and 'autoplay' not in text and '<script' not in text, text[-3000:])
    check('clips: it says length, dots and bytes beside the download', len(re.findall(r'download><bdi>clip\.\w+</bdi> \(\d s, \u2068\d+ × \d+\u2069, [\d,]+ kB\)', text)) == len(numbers), text[-3000:])
    check('clips: and what is seen, in words', text.count('A road &amp; "hills", no people') + text.count('A road &amp; &quot;hills&quot;, no people') == len(numbers), text[-3000:])
    check('clips: films may come from this house alone', "media-src 'self'" in headers['Content-Security-Policy'] and 'script-src' not in headers['Content-Security-Policy'], headers)


def zipped(house, link, numbers, check):
    status, body, headers = fetch(house, link + '/kit.zip')
    z = zipfile.ZipFile(io.BytesIO(body))
    words = z.read('films-en.txt').decode()
    check('clips: the zip is whole, and has them as the page does', status == 200 and z.testzip() is None
          and all(z.read(f'files/{i}-{name}') == fetch(house, f'{link}/{n}/{name}')[1] for i, (n, name, _) in enumerate(numbers, 1)), z.namelist())
    check('clips: the zip has nothing that was said of them', is_clean(body), [s for s in SECRETS if s in body])
    check('clips: its words have credit, licence, what is seen, length and since when each is cleared, not by whom', words.count(CREDIT) == len(numbers) and words.count(SEEN['seen_en']) == len(numbers)
          and len(re.findall(r'^Cleared for use: \d{4}-\d\d-\d\d$', words, re.M)) == len(numbers) and 'Whoever filmed it' not in words and len(re.findall(r'Film clip: \d s, ', words)) == len(numbers), words)
    half = fetch(house, link + '/kit.zip', {'Range': f'bytes={len(body) // 2}-', 'If-Range': headers['ETag']})
    check('clips: a download of it that broke off is gone on with', half[0] == 206 and body[:len(body) // 2] + half[1] == body, half[0])


def taken_back(house, me, link, numbers, check):
    number, name, _ = numbers[0]
    url = f'/en/kit/films/{number}/{name}'
    check('clips: under embargo they are not there', fetch(house, url)[0] == 404 and fetch(house, '/en/kit/films/kit.zip')[0] == 404)
    check('clips: the moment comes', state(me, '2020-01-01') == 303 and fetch(house, url)[0] == 200 and fetch(house, '/en/kit/films/kit.zip')[0] == 200)
    whole = len(fetch(house, url)[1])
    c = http.client.HTTPConnection('127.0.0.1', house.port, timeout=30)
    c.request('GET', url, headers={'Host': 'localhost:8080'})
    check('clips: who has begun to read', c.getresponse().read(10) != b'' and whole > 0)
    c.close()
    me.ask('GET', KIT)
    check('clips: one is taken out of the kit', me.ask('POST', f'{KIT}/items/{number}/remove', {})[0] == 303 and fetch(house, url)[0] == 404
          and fetch(house, f'{link}/{number}/{name}')[0] == 404 and
          sum(n.startswith('files/') for n in zipfile.ZipFile(io.BytesIO(fetch(house, '/en/kit/films/kit.zip')[1])).namelist()) == len(numbers) - 1)
    check('clips: and the moment can be put off again', state(me, '2099-12-01') == 303
          and all(fetch(house, f'/en/kit/films/{n}/{f}')[0] == 404 for n, name, _ in numbers for f in (name, 'still.jpg')))


def large(house, me, check):
    """Pictures of more than 4 MB together, which the zip reads as it goes out."""
    kit, base = '/desk/kits/large', '/en/kit/large'
    me.ask('POST', '/desk/kits', {'slug': 'large', 'title_en': 'Large'})
    chunk = lambda kind, body: struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    head = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 16, 16, 8, 2, 0, 0, 0))
    pictures = [head + chunk(b'IDAT', os.urandom(1400 << 10)) + chunk(b'IEND', b'') for _ in range(3)]
    for data in pictures:
        me.ask('GET', kit)
        me.upload(kit + '/items', {'kind': '6', 'credit': 'Us', 'text_en': 'Dots'}, 'dots.png', data)
        number = max(int(n) for n in re.findall(kit + r'/items/(\d+)', me.ask('GET', kit)[1]))
        agree(me, kit, number, 'Whoever drew it')
    revision = re.search(r'name="revision" value="(\d+)"', me.ask('GET', kit)[1])[1]
    me.ask('POST', kit + '/state', {'shown': '1', 'day': '', 'clock': '', 'revision': revision})
    status, body, headers = fetch(house, base + '/kit.zip')
    z = zipfile.ZipFile(io.BytesIO(body if status == 200 else b'PK\5\6' + bytes(18)))
    names = [n for n in z.namelist() if n.startswith('files/')]
    check('clips: a kit with 4 MB of pictures has a whole zip', status == 200 and z.testzip() is None and [z.read(n) for n in names] == pictures, (status, names))
    half = fetch(house, base + '/kit.zip', {'Range': f'bytes={len(body) // 2}-', 'If-Range': headers['ETag'] or ''})
    check('clips: and it is gone on with in the middle of a picture', half[0] == 206 and body[:len(body) // 2] + half[1] == body, half[0])


def clips(program, check):
    folder = tempfile.mkdtemp(prefix='kengesh-films-')
    good, bad = films(folder)
    house = House(program)
    house.start()
    me = Browser(house).sign_in()
    check('clips: a kit is begun, under embargo', me.ask('POST', '/desk/kits', {'slug': 'films', 'title_en': 'Films'})[0] == 303 and state(me, '2099-12-01') == 303)
    me.ask('GET', KIT)
    me.ask('POST', KIT + '/links', {'person': 'A reporter'})
    link = re.search(r'/k/([0-9a-f]{32})', me.ask('GET', KIT)[1])[0]
    refused(me, bad, check)
    numbers = shown(house, me, good, check)
    read(house, me, link, numbers, check)
    page_of(house, link, numbers, check)
    zipped(house, link, numbers, check)
    check('clips: a kit has room for four', add(me, 'a.mp4', good['IMG_1.MOV'])[0] == 303 and add(me, 'a.mp4', good['IMG_1.MOV'])[0] == 409)
    waited(me)
    taken_back(house, me, link, numbers, check)
    large(house, me, check)
    house.stop()
    shutil.rmtree(house.folder)
    shutil.rmtree(folder)
