#!/usr/bin/env python3
"""What leaves the house in other formats, read by parsers that are not ours. Prints a TAP line for each check.

    tests/server/publish.py PROGRAM [WORD…]

packs     zip and EPUB: one day gives one file, names that lead nowhere, every link inside resolves, nothing is loaded from
          outside, every page well formed in its language; ranges and 304; `kengesh pack` makes the same
partners  what has changed in the register, for those who carry a copy: HSDS, 304, what is gone
stories   a story without a consent for feeds, for files or for pictures is in none of them; with it, it is
kits      files uploaded to a media kit: refused, cleaned, waiting for a consent, under embargo, in the zip
films     clips of a media kit: cleaned of what is said about them, refused with a reason, in parts, in the zip
feeds     Atom, RSS, JSON Feed and ninjs of hostile words: well formed, whole addresses, moments, 304, withdrawal
"""
import datetime
import email.utils
import html
import http.client
import io
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

from clips import clips
from house import ROOT, Browser, House
from newsroom import CREDIT, LANGS as ALTS, PHOTO, STORY, add_picture, agree, check_story, consent, pass_check, publish, step, withdraw

SITE = 'http://localhost:8080'
FEEDS = ('feed.atom', 'feed.rss', 'feed.json', 'feed.ninjs')
ATOM = '{http://www.w3.org/2005/Atom}'
CONTENT = '{http://purl.org/rss/1.0/modules/content/}encoded'
TITLE = 'A & B <i>"c"</i> ]]> \'d\' – ё'
BODY = ('First & <b>foremost</b> \x0b words.\n\n## Part & parcel\n\n[Home](/en) and [part](#x) and [away](https://a.example/?a=1&b=2)'
        '\n\n&nbsp;&mdash; &amp;lt; ]]>\n')
failed = 0


def check(name, is_good, why=''):
    global failed
    failed += not is_good
    print(('ok ' if is_good else 'not ok ') + name + ('' if is_good else f': {why}'), flush=True)


def is_moment(text):
    return bool(re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', text or '')) and datetime.datetime.fromisoformat(text[:-1])


def are_whole(urls):
    return bool(urls) and all(u.startswith(SITE + '/') for u in urls)


def links_of(html):
    return re.findall(r'href="([^"]*)"', html)


def is_markup_good(html):
    links = links_of(html)
    return ('&lt;b&gt;foremost' in html and '<b>' not in html and len(links) == 3
            and all(re.match(r'https?://', u) for u in links))


def atom(text):
    root = ET.fromstring(text)
    entries = root.findall(ATOM + 'entry')
    urls = [e.find(ATOM + 'id').text for e in entries] + [x.get('href') for x in root.iter(ATOM + 'link')]
    moments = [x.text for name in ('updated', 'published') for x in root.iter(ATOM + name)]
    check('feeds: Atom has what RFC 4287 4.1 asks for', all(root.find(ATOM + n) is not None for n in ('id', 'title', 'updated', 'author'))
          and all(e.find(ATOM + n) is not None for e in entries for n in ('id', 'title', 'updated')))
    return [e.find(ATOM + 'title').text for e in entries], urls, moments, [e.find(ATOM + 'content').text for e in entries]


def rss(text):
    channel = ET.fromstring(text).find('channel')
    items = channel.findall('item')
    urls = [x.text for x in channel.iter('link')] + [x.text for x in channel.iter('guid')] + [x.get('href') for x in channel.iter(ATOM + 'link')]
    moments = [x.text for x in channel.iter('pubDate')] + [channel.find('lastBuildDate').text]
    check('feeds: RSS has what its specification asks for', all(channel.find(n) is not None for n in ('title', 'link', 'description')))
    check('feeds: RSS tells moments as RFC 822', all(email.utils.parsedate_to_datetime(m).tzinfo for m in moments), moments)
    return [i.find('title').text for i in items], urls, [], [i.find(CONTENT).text for i in items]


def json_feed(text):
    feed = json.loads(text)
    items = feed['items']
    check('feeds: JSON Feed 1.1 has what it asks for', feed['version'] == 'https://jsonfeed.org/version/1.1' and feed['title']
          and all(i['id'] and i['content_html'] for i in items))
    urls = [feed['home_page_url'], feed['feed_url']] + [i[k] for i in items for k in ('id', 'url')]
    return [i['title'] for i in items], urls, [i[k] for i in items for k in ('date_published', 'date_modified')], [i['content_html'] for i in items]


# The members of ninjs-schema_3.0.json that we use, with their form; it takes none that it does not name.
NINJS = {
    'name': str,  # of associations alone; they take all that items take
    'uri': str, 'type': ('text', 'composite', 'picture'), 'representationType': ('full',), 'pubStatus': ('usable', 'canceled'), 'language': str,
    'firstCreated': str, 'versionCreated': str, 'by': str, 'copyrightHolder': str, 'edNote': str, 'title': str,
    'standard': {'name': str, 'version': str, 'schema': str},
    'headlines': [{'role': str, 'contentType': str, 'value': str}],
    'descriptions': [{'role': str, 'contentType': str, 'value': str}],
    'bodies': [{'role': str, 'contentType': str, 'value': str}],
    'altIds': [{'role': str, 'value': str}],
    'rel': str, 'copyrightNotice': str, 'renditions': [{'name': str, 'href': str, 'contentType': str, 'width': int, 'height': int}],
    'subjects': [{'name': str, 'literal': str}], 'places': [{'name': str, 'literal': str}],
}

NINJS['associations'] = [NINJS]


def fits(value, form):
    if isinstance(form, tuple):
        return value in form
    if isinstance(form, dict):
        return isinstance(value, dict) and set(value) <= set(form) and all(fits(v, form[k]) for k, v in value.items())
    if isinstance(form, list):
        return isinstance(value, list) and all(fits(v, form[0]) for v in value)
    return isinstance(value, form)


def ninjs(text):
    feed = json.loads(text)
    items = feed['associations']
    check('feeds: ninjs has what its schema asks for', 'uri' in feed and all('uri' in i and 'name' in i for i in items))
    check('feeds: ninjs has nothing that its schema does not know',
          fits(feed, NINJS), text[:500])
    urls = [feed['uri']] + [i['uri'] for i in items] + [a['value'] for i in items for a in i['altIds']]
    bodies = [b['value'] for i in items for b in i['bodies'] if b['contentType'] == 'text/html']
    return [i['headlines'][0]['value'] for i in items], urls, [i[k] for i in items for k in ('firstCreated', 'versionCreated')], bodies


# What the page says above the words, beginnings.
STATES = {
    'en': ('This translation is older', 'This item was made from sample'),
    'ru': ('Перевод старше оригинала', 'Этот текст составлен из учебных'),
    'tk': ('Bu terjime asyl nusgadan köne', 'Bu habar mysal maglumatlardan'),
}


def states(text, lang):
    return [s in text for s in STATES[lang]]


def states_in_feeds(reader, slug):
    """The English words are new, so the translations are older than their source."""
    for lang in STATES:
        want = states(reader.ask('GET', f'/{lang}/news/{slug}')[1], lang)
        check(f'feeds: the page says what state the words are in ({lang})', want[0] == (lang != 'en'), want)
        for file, parts in zip(FEEDS, ((ATOM + 'summary', ATOM + 'content'), ('description', CONTENT), ('summary', 'content_html'), ())):
            text = reader.ask('GET', f'/{lang}/{file}')[1]
            if file.endswith('n'):
                item = next(i for i in json.loads(text)['items'] if slug in i['id'])
                found = [item[p] for p in parts]
            elif parts:
                item = next(e for tag in (ATOM + 'entry', 'item') for e in ET.fromstring(text).iter(tag) if slug in ET.tostring(e, 'unicode'))
                found = [item.find(p).text for p in parts]
            else:
                item = next(i for i in json.loads(text)['associations'] if slug in i['uri'])
                found = ninjs_words(item)
            check(f'feeds: so does {file}, with every form of its words ({lang})', all(states(f, lang) == want for f in found), (want, found))
        found = ninjs_words(json.loads(reader.ask('GET', f'/{lang}/news/{slug}/ninjs')[1]))
        check(f'feeds: and one item as ninjs ({lang})', all(states(f, lang) == want for f in found), (want, found))


def told_at(reader, lang, slug):
    """When each feed says that the item last became another."""
    page = f'{SITE}/{lang}/news/{slug}'
    entry = next(e for e in ET.fromstring(reader.ask('GET', f'/{lang}/feed.atom')[1]).iter(ATOM + 'entry') if e.find(ATOM + 'id').text == page)
    item = next(e for e in ET.fromstring(reader.ask('GET', f'/{lang}/feed.rss')[1]).iter('item') if e.find('guid').text == page)
    told = [e.find(ATOM + 'updated').text for e in (entry, item)]
    told += [next(i for i in json.loads(reader.ask('GET', f'/{lang}/feed.json')[1])['items'] if i['id'] == page)['date_modified']]
    told += [json.loads(reader.ask('GET', f'/{lang}/news/{slug}/ninjs')[1])['versionCreated']]
    check(f'feeds: all forms tell one moment ({lang})', len(set(told)) == 1 and is_moment(told[0]), told)
    return told[0]


def ninjs_words(item):
    return [item.get('edNote', '')] + [p['value'] for name in ('descriptions', 'bodies') for p in item[name]]


MEDIA = '{http://search.yahoo.com/mrss/}'
GONE = 'This item has been withdrawn'


def pictures(reader, slug, number):
    """What readers see goes to other programs: whole address, size, description, credit."""
    url = f'{SITE}/p/{number}/1280.jpg'
    status, _, headers = reader.ask('GET', f'/p/{number}/1280.jpg')
    size, alt = int(headers['Content-Length']), ALTS['en']
    check('pictures: the address that is told leads to a JPEG', status == 200 and headers['Content-Type'] == 'image/jpeg')
    own = [reader.ask('GET', u)[2]['Cross-Origin-Resource-Policy'] for u in ('/en', f'/en/news/{slug}', '/en/feed.atom', '/favicon.ico')]
    check('pictures: other sites may show it, and nothing else', headers['Cross-Origin-Resource-Policy'] == 'cross-origin' and set(own) == {'same-origin'},
          (headers['Cross-Origin-Resource-Policy'], own))
    for file in FEEDS[:2]:
        entry = next(e for tag in (ATOM + 'entry', 'item') for e in ET.fromstring(reader.ask('GET', '/en/' + file)[1]).iter(tag)
                     if slug in ET.tostring(e, 'unicode'))
        links = [(e.get('href') or e.get('url'), int(e.get('length')), e.get('type')) for e in entry
                 if e.tag == 'enclosure' or e.get('rel') == 'enclosure']
        media = entry.find(MEDIA + 'content')
        said = (media.get('url'), media.find(MEDIA + 'description').text, media.find(MEDIA + 'credit').text)
        check(f'pictures: {file} has it as an enclosure with credit', links == [(url, size, 'image/jpeg')] and said == (url, alt, CREDIT), (links, said))
    item = next(i for i in json.loads(reader.ask('GET', '/en/feed.json')[1])['items'] if slug in i['id'])
    a = item['attachments'][0]
    check('pictures: JSON Feed has image and attachment', item['image'] == url and (a['url'], a['size_in_bytes'], a['mime_type'], a['title'], a['_kengesh']['credit'])
          == (url, size, 'image/jpeg', alt, CREDIT), item)
    part = json.loads(reader.ask('GET', f'/en/news/{slug}/ninjs')[1])['associations'][0]
    check('pictures: ninjs has it as an associated item with renditions', part['type'] == 'picture' and part['by'] == CREDIT
          and part['descriptions'][0]['value'] == alt and [r['href'] for r in part['renditions']] == [url, url.replace('1280', '640')], part)
    page = reader.ask('GET', f'/en/news/{slug}')[1]
    told = {k: html.unescape(v) for k, v in re.findall(r'property="og:(image[^"]*)" content="([^"]*)"', page)}
    check('pictures: previews of links are told', told == {'image': url, 'image:width': '1280', 'image:height': '800', 'image:alt': alt}, told)
    image = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])['image']
    check('pictures: search engines are told', [(i['url'], i['caption'], i['creditText']) for i in image] == [(url, alt, CREDIT)], image)


def feeds(program):
    house = House(program)
    house.start()
    me, reader = Browser(house).sign_in(), Browser(house)
    slug = house.demo['record']
    before = {lang: told_at(reader, lang, slug) for lang in STATES}
    check('feeds: an item with hostile words is published', publish(me, slug, TITLE, BODY, 'Turkmenistan', 'Rights of migrants') == 303)
    number = add_picture(me, slug)
    for file in FEEDS:
        check(f'feeds: {file} has no picture before the safety check', '/p/' not in reader.ask('GET', '/en/' + file)[1])
    check('feeds: it is checked', pass_check(me, slug) == 303)
    pictures(reader, slug, number)
    states_in_feeds(reader, slug)
    after = {lang: told_at(reader, lang, slug) for lang in STATES}
    check('feeds: translations that became older than their source count as updated', all(after[lang] > before[lang] for lang in STATES), (before, after))
    etags = {}
    for file, read in zip(FEEDS, (atom, rss, json_feed, ninjs)):
        status, text, headers = reader.ask('GET', '/en/' + file)
        titles, urls, moments, bodies = read(text)
        check(f'feeds: {file} keeps the words as they are', status == 200 and TITLE in titles, (status, titles))
        check(f'feeds: {file} has whole addresses', are_whole(urls), urls)
        check(f'feeds: {file} tells moments', all(is_moment(m) for m in moments), moments)
        check(f'feeds: {file} has safe markup with whole links', is_markup_good(bodies[titles.index(TITLE)]), bodies)
        etags[file] = headers['ETag']
        status = reader.ask('GET', '/en/' + file, headers={'If-None-Match': etags[file]})[0]
        check(f'feeds: {file} that has not changed costs nothing', status == 304, status)
        status, text, _ = reader.ask('GET', '/en/feed/topic/media/' + file)
        check(f'feeds: {file} of one topic', status == 200 and TITLE in read(text)[0], status)
    alone = json.loads(reader.ask('GET', f'/en/news/{slug}/ninjs')[1])
    check('feeds: one item as ninjs', fits(alone, NINJS) and alone['uri'] == f'{SITE}/en/news/{slug}', alone)
    check('feeds: none of a topic that is not there', reader.ask('GET', '/en/feed/topic/none/feed.rss')[0] == 404)
    page = reader.ask('GET', '/en')[1]
    found = re.findall(r'rel="alternate" type="(application/[^"]*)"[^>]*href="(/en/[^"]*)"', page)
    check('feeds: a page names them', len(found) == 3 and all(reader.ask('GET', u)[2]['Content-Type'].startswith(t) for t, u in found), found)
    check('feeds: the item is withdrawn', withdraw(me, slug) == 303)
    for file in FEEDS:
        status, text, headers = reader.ask('GET', '/en/' + file, headers={'If-None-Match': etags[file]})
        check(f'feeds: {file} has no withdrawn item', status == 200 and 'foremost' not in text, status)
    told = ET.fromstring(reader.ask('GET', '/en/feed.atom')[1])
    gone = {e.get('ref'): e.get('when') for e in told.findall('{http://purl.org/atompub/tombstones/1.0}deleted-entry')}
    check('feeds: Atom tells those who carry a copy that it is gone (RFC 6721)', is_moment(gone.get(f'{SITE}/en/news/{slug}', '')), gone)
    url = f'{SITE}/en/news/{slug}'
    told = ET.fromstring(reader.ask('GET', '/en/feed.rss')[1])
    items = [i for i in told.iter('item') if i.find('guid').text == url]
    check('feeds: RSS puts a notice in its place', len(items) == 1 and items[0].find('title').text == GONE and items[0].find('pubDate').text.endswith('GMT')
          and told.find('channel/{http://purl.org/atompub/tombstones/1.0}deleted-entry').get('ref') == url, reader.ask('GET', '/en/feed.rss')[1][-600:])
    items = [i for i in json.loads(reader.ask('GET', '/en/feed.json')[1])['items'] if i['id'] == url]
    check('feeds: so does JSON Feed', [(i['title'], bool(is_moment(i['_kengesh']['withdrawn'])), 'content_html' in i) for i in items] == [(GONE, True, False)], items)
    feed = json.loads(reader.ask('GET', '/en/feed.ninjs')[1])
    items = [(i['pubStatus'], i['name']) for i in feed['associations'] if i['uri'] == url]
    check('feeds: ninjs cancels it', fits(feed, NINJS) and items == [('canceled', GONE)], items)
    for file in FEEDS:
        told = {part: url in reader.ask('GET', f'/en/feed/{part}/{file}')[1] for part in ('topic/media', 'country/TM', 'topic/rights', 'country/KZ')}
        check(f'feeds: {file} of a topic or a country tells of what is gone if it has it or had it', list(told.values()) == [True, True, True, False], told)
    check('feeds: nor has the item itself', reader.ask('GET', f'/en/news/{slug}/ninjs')[0] in (404, 410))
    house.stop()
    shutil.rmtree(house.folder)


XHTML = '{http://www.w3.org/1999/xhtml}'
OPF = '{http://www.idpf.org/2007/opf}'
DC = '{http://purl.org/dc/elements/1.1/}'
LANGS = {'en': 'ltr', 'ru': 'ltr', 'tk': 'ltr', 'fa': 'rtl'}


def fetch(house, path, headers=None):
    c = http.client.HTTPConnection('127.0.0.1', house.port, timeout=60)
    c.request('GET', path, headers={'Host': 'localhost:8080', **(headers or {})})
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, body, r.headers


def page_faults(name, text, names):
    """What is wrong with one page of a pack: form, language, links, what it would load."""
    root = ET.fromstring(text)
    lang, ids = root.get('lang'), {e.get('id') for e in root.iter() if e.get('id')}
    faults = []
    if root.tag != XHTML + 'html' or root.get('dir') != LANGS[lang] or root.get('{http://www.w3.org/XML/1998/namespace}lang') != lang:
        faults.append(f'{name}: language {lang} {root.get("dir")}')
    if '/' in name and '/' + name.split('/')[0] != '/OEBPS' and name.split('/')[0] != lang:
        faults.append(f'{name}: is in {lang}')
    for e in root.iter():
        tag = e.tag.replace(XHTML, '')
        if tag in ('script', 'iframe', 'object', 'embed', 'form', 'input', 'video') or e.get('style') or (e.get('src') and tag not in ('img', 'audio')):
            faults.append(f'{name}: has {tag}')
        if tag == 'img' and not (e.get('alt') and e.get('width') and e.get('height')):
            faults.append(f'{name}: a picture without description or size')
        if tag == 'audio' and e.get('preload') != 'none':
            faults.append(f'{name}: loads sound')
        url = e.get('src') if tag in ('img', 'audio') else e.get('href')
        if url is None or re.match(r'(https?|tel|mailto):', url) and tag == 'a':
            continue
        path, _, part = url.partition('#')
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        if re.match(r'[a-z]+:|/', url) or target not in names or (not path and part not in ids):
            faults.append(f'{name}: leads to {url}')
    return faults


def pack_faults(body):
    z = zipfile.ZipFile(io.BytesIO(body))
    names = z.namelist()
    faults = [n for n in names if not re.fullmatch(r'([A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*', n)]
    if z.testzip() or len(set(names)) != len(names):
        faults.append('sums or doubles')
    for n in names:
        if n.endswith(('.html', '.xhtml')):
            faults += page_faults(n, z.read(n).decode(), names)
        if n.endswith('.css') and re.search(rb'url\(|@import', z.read(n)):
            faults.append(f'{n}: loads something')
    return z, names, faults


def names_of(body):
    return zipfile.ZipFile(io.BytesIO(body)).namelist()


def book_faults(z, names, lang):
    faults = []
    first = z.infolist()[0]
    if (first.filename, first.compress_type, z.read('mimetype')) != ('mimetype', zipfile.ZIP_STORED, b'application/epub+zip'):
        faults.append('mimetype')
    root = ET.fromstring(z.read('META-INF/container.xml'))
    package = next(e.get('full-path') for e in root.iter() if e.get('full-path'))
    opf = ET.fromstring(z.read(package))
    items = {i.get('id'): i for i in opf.iter(OPF + 'item')}
    spine = opf.find(OPF + 'spine')
    files = {'OEBPS/' + i.get('href') for i in items.values()}
    if files != set(names) - {'mimetype', 'META-INF/container.xml', package}:
        faults.append('the manifest is not what the book has')
    if any(r.get('idref') not in items for r in spine) or len(spine) < 5:
        faults.append('spine')
    if spine.get('page-progression-direction') != LANGS[lang] or opf.find(f'.//{DC}language').text != lang:
        faults.append('language or direction of pages')
    if not opf.find(f'.//{DC}identifier').text or not opf.find(f'.//{DC}title').text:
        faults.append('identifier, title')
    if not is_moment(next(m.text for m in opf.iter(OPF + 'meta') if m.get('property') == 'dcterms:modified')):
        faults.append('dcterms:modified')
    nav = ET.fromstring(z.read('OEBPS/nav.xhtml')).find(f'.//{XHTML}nav')
    if nav.get('{http://www.idpf.org/2007/ops}type') != 'toc' or len(list(nav.iter(XHTML + 'a'))) != len(spine):
        faults.append('nav')
    return faults


def packs(program):
    house = House(program)
    house.start()
    me = Browser(house).sign_in()
    check('packs: an item with hostile words is published', publish(me, house.demo['record'], TITLE, BODY) == 303)
    slug, number = house.demo['record'], add_picture(me, house.demo['record'])
    z, names, _ = pack_faults(fetch(house, '/en/offline/programme.zip')[1])
    check('packs: no picture before the safety check has looked at it', not any('img/' in n for n in names), names)
    check('packs: it is checked', pass_check(me, slug) == 303)
    status, body, headers = fetch(house, '/en/offline/programme.zip')
    z, names, faults = pack_faults(body)
    check('packs: the picture stands once in the zip, small', [n for n in names if 'img' in n] == [f'img/{number}.jpg']
          and z.read(f'img/{number}.jpg') == fetch(house, f'/p/{number}/640.jpg')[1])
    for lang, alt in ALTS.items():
        shown = [(i.get('src'), i.get('alt'), figure.find(XHTML + 'figcaption').text) for figure in
                 ET.fromstring(z.read(f'{lang}/news-{slug}.html')).iter(XHTML + 'figure') for i in figure.iter(XHTML + 'img')]
        check(f'packs: with its description in {lang} and its credit', shown == [(f'../img/{number}.jpg', alt, CREDIT)], shown)
    check('packs: the zip opens, every link inside resolves, nothing is loaded', status == 200 and not faults, faults)
    check('packs: all languages, the guide, contacts and messages', all(
        f'{lang}/{f}' in names for lang in LANGS for f in ('index.html', 'guide-tm-tr.html', 'contacts.html', 'offer.html', 'sms-tm-tr.txt')), names)
    text = z.read(f'en/news-{house.demo["record"]}.html').decode()
    check('packs: words of an article are what they were', html.escape(TITLE, quote=False) in text.replace('&#39;', "'").replace('&quot;', '"'), text[:400])
    for lang in STATES:
        want = states(fetch(house, f'/{lang}/news/{slug}')[1].decode(), lang)
        book = zipfile.ZipFile(io.BytesIO(fetch(house, f'/{lang}/offline/programme.epub')[1]))
        found = [states(text.decode(), lang) for text in (z.read(f'{lang}/news-{slug}.html'), book.read(f'OEBPS/news-{slug}.xhtml'))]
        check(f'packs: zip and book say what state the words are in, as the page does ({lang})', found == [want, want] and want[0] == (lang != 'en'),
              (want, found))
    contacts = z.read('en/contacts.html').decode()
    check('packs: contacts say when they were checked, and until when that holds',
          'Last checked' in contacts and 'this check is too old' in contacts and 'usual hours' not in contacts)
    again = fetch(house, '/ru/offline/programme.zip')
    check('packs: the same file again', again[1] == body and again[2]['ETag'] == headers['ETag'] and not headers['ETag'].startswith('W/'))
    check('packs: that costs nothing', fetch(house, '/en/offline/programme.zip', {'If-None-Match': headers['ETag']})[0] == 304)
    status, rest, h = fetch(house, '/en/offline/programme.zip', {'Range': 'bytes=1000-', 'If-Range': headers['ETag']})
    check('packs: a download that broke goes on', status == 206 and rest == body[1000:], (status, len(rest)))
    check('packs: as a file of its own', 'kengesh.zip' in headers['Content-Disposition'] and headers['Content-Type'] == 'application/zip')
    for lang in LANGS:
        status, book, h = fetch(house, f'/{lang}/offline/guides/tm-tr.epub')
        z, names, faults = pack_faults(book)
        check(f'packs: a book in {lang}', status == 200 and h['Content-Type'] == 'application/epub+zip' and not faults + book_faults(z, names, lang),
              faults + book_faults(z, names, lang))
    for lang in ('en', 'fa'):
        z, names, faults = pack_faults(fetch(house, f'/{lang}/offline/programme.epub')[1])
        faults += book_faults(z, names, lang)
        there = f'OEBPS/img/{number}.jpg' in names and 'alternativeText' in z.read('OEBPS/package.opf').decode()
        check(f'packs: the picture is in the book where the item is ({lang})', not faults and there == (lang == 'en'), faults)
    page = fetch(house, '/en/offline')[1].decode()
    listed = re.findall(r'href="(/en/(?:offline|print|guides)[^"]*)"', page)
    check('packs: all that the page lists is there', len(listed) >= 9 and all(fetch(house, u)[0] == 200 for u in listed), listed)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'all.zip')
        house.command('pack', '--site', SITE, path)
        with open(path, 'rb') as f:
            check('packs: the command makes the same file', f.read() == body)
        check('packs: and leaves nothing else', os.listdir(folder) == ['all.zip'], os.listdir(folder))
        house.command('pack', '--site', SITE, '--sound', path)
        with open(path, 'rb') as f:
            heard, more, faults = pack_faults(f.read())
        check('packs: with sound there are the same pages, and sound beside what is heard', not faults and [n for n in more if n[-4:] != '.mp3'] == names_of(body) and all(
            (b'<audio' in heard.read(n)) == (n[:-5] + '.mp3' in more) for n in more if n.endswith('.html')), (faults, more))
        try:
            house.command('pack', '--site', SITE, '--sound', os.path.join(folder, 'no.epub'))
        except subprocess.CalledProcessError as e:
            check('packs: a book with sound is refused', 'usage' in e.stderr and os.listdir(folder) == ['all.zip'], e.stderr)
        else:
            check('packs: a book with sound is refused', False)
    house.stop()
    shutil.rmtree(house.folder)


WORDS = 'nobody has lived it'  # the sample story says so of itself


def where_it_is(house, number):
    """The ways in which the story leaves this site, and whether its picture is with it."""
    found = set()
    for file in FEEDS:
        if WORDS in fetch(house, '/en/' + file)[1].decode():
            found.add(file)
    if fetch(house, f'/en/stories/{STORY}/ninjs')[0] == 200:
        found.add('ninjs')
    with tempfile.TemporaryDirectory() as folder:
        for ending in ('zip', 'epub'):
            path = os.path.join(folder, 'all.' + ending)
            house.command('pack', '--site', SITE, '--lang', 'en', path)
            with open(path, 'rb') as f:
                z, names, faults = pack_faults(f.read())
            check(f'stories: the {ending} is sound', not faults, faults)
            pages = [n for n in names if n.endswith('html') and WORDS in z.read(n).decode()]
            found |= {ending} if pages else set()
            found |= {ending + ' picture'} if any(n.endswith(f'img/{number}.jpg') for n in names) else set()
            if pages:
                text = z.read(pages[0]).decode()
                check(f'stories: the {ending} says that it is a sample', states(text, 'en') == [False, True])
                check(f'stories: the {ending} says who tells it and where to look', 'Told by A &lt;b&gt; name' in text and f'{SITE}/en/stories/{STORY}' in text)
    page = fetch(house, f'/en/stories/{STORY}')[1].decode()
    found |= {'page'} if WORDS in page else set()
    found |= {'page picture'} if '<picture' in page and fetch(house, f'/p/{number}/640.jpg')[0] == 200 else set()
    found |= {'preview'} if 'og:image' in page else set()
    found |= {'paper'} if WORDS in page and '<article class="article no-paper"' not in page else set()
    return found


PACKS = ('zip', 'epub')


def pack_names(house, ending):
    return zipfile.ZipFile(io.BytesIO(fetch(house, f'/en/offline/programme.{ending}')[1])).namelist()


def in_packs(house, number):
    """The packs that the server gives out with the story's words, and those with its picture."""
    words, picture = set(), set()
    for ending in PACKS:
        z, names, faults = pack_faults(fetch(house, f'/en/offline/programme.{ending}')[1])
        check(f'stories: the {ending} given out is sound', not faults, faults)
        words |= {ending} if any(WORDS in z.read(n).decode() for n in names if n.endswith('html')) else set()
        picture |= {ending} if any(n.endswith(f'img/{number}.jpg') for n in names) else set()
    return words, picture


def stories(program):
    house = House(program)
    house.start()
    me = Browser(house).sign_in()
    number = add_picture(me, STORY, {'en': ALTS['en']})
    check('stories: a consent is entered', consent(me) == 303)
    check('stories: it is checked', check_story(me) == 303)
    check('stories: with a picture it is not published without a consent for it', step(me, 7) == 412)
    check('stories: with one it is', consent(me, picture='1') == 303 and step(me, 7) == 303)
    feeds_have, packs_have = {*FEEDS, 'ninjs'}, {'zip', 'epub', 'paper'}
    for scope, want in (({}, set()), ({'feeds': '1'}, feeds_have), ({'print': '1'}, packs_have), ({'picture': '1'}, {'page picture'}),
                        ({'feeds': '1', 'picture': '1'}, {*feeds_have, 'page picture', 'preview'}),
                        ({'print': '1', 'picture': '1'}, {*packs_have, 'page picture', 'zip picture', 'epub picture'})):
        status, found = consent(me, **scope), where_it_is(house, number)
        check(f'stories: with a consent for {" and ".join(scope) or "nothing else"} it is there and nowhere else',
              status == 303 and found == want | {'page'}, (status, found ^ (want | {'page'})))
    check('stories: a consent for files is given again', consent(me, feeds='1', print='1', picture='1') == 303)
    packed = in_packs(house, number)
    check('stories: at once it is in the packs that are given out, with its picture', packed == ({'zip', 'epub'}, {'zip', 'epub'}), packed)
    etags = {e: fetch(house, f'/en/offline/programme.{e}')[2]['ETag'] for e in PACKS}
    check('stories: the consent for files is taken out', consent(me, feeds='1', picture='1') == 303)
    packed = in_packs(house, number)
    check('stories: at once it is in none', packed == (set(), set()), packed)
    consent(me, feeds='1', print='1', picture='1')
    check('stories: a pack has it again', in_packs(house, number)[0] == set(PACKS))
    me.ask('GET', f'/desk/news/{STORY}/en/consent')
    check('stories: the consent is taken back', me.ask('POST', f'/desk/news/{STORY}/en/consent/withdraw', {'sure': '1'})[0] == 303)
    packed = in_packs(house, number)
    check('stories: at once no pack that is given out has it', packed == (set(), set()), packed)
    told = {e: fetch(house, f'/en/offline/programme.{e}', {'If-None-Match': etags[e]})[0] for e in PACKS}
    check('stories: nor says that the one with it still stands', told == {e: 200 for e in PACKS}, told)
    check('stories: and it is nowhere', not where_it_is(house, number))
    slug = house.demo['record']
    pages = [f'en/news-{slug}.html' in pack_names(house, 'zip')]
    check('packs: an item is withdrawn', withdraw(me, slug) == 303)
    pages.append(f'en/news-{slug}.html' in pack_names(house, 'zip'))
    check('packs: at once no pack that is given out has it', pages == [True, False], pages)
    house.stop()
    shutil.rmtree(house.folder)


KIT = '/desk/kits/later'


def item_of(me, name):
    """The number of the item that has a file of this name."""
    return re.findall(r'/desk/kits/later/(\d+)/' + re.escape(name), me.ask('GET', KIT)[1])[-1]


def kit_state(me, day):
    revision = re.search(r'name="revision" value="(\d+)"', me.ask('GET', KIT)[1])[1]
    return me.ask('POST', KIT + '/state', {'shown': '1', 'day': day, 'clock': '09:30' if day else '', 'revision': revision})[0]


def kit_words(house, me):
    """What the page says of a kit's words goes into the zip."""
    me.ask('GET', KIT)
    check('kits: a second language', me.ask('POST', KIT, {'title_en': 'Later', 'title_en_was': '1', 'title_ru': 'Позже', 'lead_en': 'What it is'})[0] == 303
          and me.upload(KIT + '/items', {'kind': '1', 'text_en': 'First words', 'text_ru': 'Первые слова'}, '', b'')[0] == 303)
    number = max(int(n) for n in re.findall(KIT + r'/items/(\d+)', me.ask('GET', KIT)[1]))
    check('kits: then other words in the first', me.ask('POST', f'{KIT}/items/{number}', {'text_en': 'Other words', 'text_en_was': '1', 'text_ru': 'Первые слова', 'text_ru_was': '1'})[0] == 303)
    z = zipfile.ZipFile(io.BytesIO(fetch(house, '/ru/kit/later/kit.zip')[1]))
    en, ru = (z.read(f'later-{lang}.txt').decode() for lang in ('en', 'ru'))
    check('kits: the zip says which words are older than the original', '\nПервые слова\n[старше оригинала]\n' in ru and ru.count('[старше') == 1, ru)
    check('kits: and in which language words are that are in another one', f'\n[английский]\n{ALTS["en"]}\n' in ru
          and '\n[английский]\nWhat it is\n' in ru, ru)
    check('kits: and nothing of the kind where there is nothing to say', '[' not in en and 'Other words\n' in en, en)
    z = zipfile.ZipFile(io.BytesIO(fetch(house, '/en/kit/media-and-ngos-2020/kit.zip')[1]))
    for lang, said in (('en', 'A sample made for the demonstration.'), ('ru', 'Пример для показа.'), ('tk', 'Görkezmek üçin mysal.')):
        text = z.read(f'media-and-ngos-2020-{lang}.txt').decode()
        check(f'kits: the sample says under its title that it is one ({lang})', text.split('\n')[1].startswith('[' + said), text[:300])


def kits(program):
    house = House(program)
    house.start()
    me = Browser(house).sign_in()
    with open(PHOTO, 'rb') as f:
        photo = f.read()
    check('kits: a kit is begun, under embargo', me.ask('POST', '/desk/kits', {'slug': 'later', 'title_en': 'Later'})[0] == 303
          and kit_state(me, '2099-12-01') == 303)
    fields = {'kind': '6', 'credit': CREDIT, 'text_en': ALTS['en']}
    for why, want, name, data in (('of another kind', 415, 'a.png', b'GIF89a' + bytes(50)), ('that is cut', 400, 'a.jpg', photo[:400]),
                                  ('with a way out of the folder in its name', 400, '../a.jpg', photo), ('that says it is another', 400, 'a.png', photo),
                                  ('too large', 413, 'a.jpg', photo + bytes(17 << 20))):
        try:
            status, text, _ = me.upload(KIT + '/items', fields, name, data)
        except (BrokenPipeError, ConnectionResetError):  # told before all of it was sent
            status = 413
        check(f'kits: a file {why} is refused', status == want, (status, text[:200]))
    check('kits: none without credit', me.upload(KIT + '/items', {**fields, 'credit': ''}, 'road.jpg', photo)[0] == 400)
    check('kits: a JPEG is taken', me.upload(KIT + '/items', fields, 'road.jpg', photo)[0] == 303)
    number = item_of(me, 'road.jpg')
    status, kept, _ = fetch(house, f'{KIT}/{number}/road.jpg', {'Cookie': me.cookie})
    check('kits: nothing of place, camera and comment is left in it', status == 200 and kept[:2] == b'\xff\xd8' and len(kept) < len(photo)
          and not any(w in kept for w in (b'Exif', b'SECRET', b'Sample Camera')))
    check('kits: a link is made', me.ask('POST', KIT + '/links', {'person': 'A reporter'})[0] == 303)
    link = re.search(r'/k/([0-9a-f]{32})', me.ask('GET', KIT)[1])[0]
    closed = ('/en/kit/later', f'/en/kit/later/{number}/road.jpg', '/en/kit/later/kit.zip')
    check('kits: nobody gets it by link before somebody has agreed', fetch(house, f'{link}/{number}/road.jpg')[0] == 404)
    check('kits: somebody agrees', agree(me, KIT, number, 'Whoever drew it') == 303)
    status, body, headers = fetch(house, f'{link}/{number}/road.jpg')
    check('kits: by link it is there before the moment, and nobody keeps it', status == 200 and body == kept and 'no-store' in headers['Cache-Control'], headers)
    check('kits: for everybody else it is not, by any address', all(fetch(house, u)[0] == 404 for u in closed)
          and '/kit/later' not in fetch(house, '/en/kit')[1].decode())
    check('kits: the moment comes', kit_state(me, '2020-01-01') == 303)
    check('kits: then everybody has it', [fetch(house, u)[0] for u in closed] == [200] * 3 and fetch(house, closed[1])[1] == kept)
    z = zipfile.ZipFile(io.BytesIO(fetch(house, closed[2])[1]))
    words = z.read('later-en.txt').decode()
    check('kits: the zip has the file, its credit and since when it is cleared, not by whom', z.testzip() is None and z.read('files/1-road.jpg') == kept and 'File: files/1-road.jpg' in words
          and CREDIT in words and re.search(r'^Cleared for use: \d{4}-\d\d-\d\d$', words, re.M) and 'Whoever drew it' not in words, (z.namelist(), words))
    kit_words(house, me)
    check('kits: the moment can be put off again', kit_state(me, '2099-12-01') == 303 and all(fetch(house, u)[0] == 404 for u in closed))
    with open(os.path.join(ROOT, 'examples', 'seminar.json'), encoding='utf-8') as f:
        said = [c['text'] for c in json.load(f)['seminar']['conclusions']]
    with open(os.path.join(ROOT, 'examples', 'kit.json'), encoding='utf-8') as f:
        quotes = [i['text'] for i in json.load(f)['kits'][0]['items'] if i['kind'] == 'quote']
    check('kits: the sample quotes the record of the seminar, word by word', quotes and all(q in said for q in quotes), quotes)
    page = fetch(house, '/en/kit/media-and-ngos-2020')[1].decode()
    image = re.search(r'src="([^"]+road\.png)"', page)
    check('kits: the sample has a picture', image and fetch(house, image[1])[1].startswith(b'\x89PNG'), page[:300])
    house.stop()
    shutil.rmtree(house.folder)


# What HSDS 3.2 requires of each object, and what kind its other members are (openreferral/specification, schema/*.json).
HSDS_SERVICE = {
    '!': ('id', 'name', 'status'), 'id': str, 'name': str, 'description': str, 'url': str, 'email': str, 'status': ('active', 'inactive', 'defunct', 'temporarily closed'),
    'fees_description': str, 'eligibility_description': str, 'assured_date': str, 'last_modified': str,
    'organization': {'!': ('id', 'name', 'description'), 'id': str, 'name': str, 'description': str, 'legal_status': str},
    'phones': [{'!': ('id', 'number'), 'id': str, 'number': str, 'description': str}],
    'schedules': [{'!': ('id',), 'id': str, 'freq': ('WEEKLY', 'MONTHLY'), 'byday': str, 'opens_at': str, 'closes_at': str, 'timezone': (int, float)}],
    'languages': [{'!': ('id',), 'id': str, 'code': str}],
    'service_areas': [{'!': ('id',), 'id': str, 'name': str}],
    'service_at_locations': [{'!': ('id',), 'id': str, 'location': {
        '!': ('id', 'location_type'), 'id': str, 'location_type': ('physical', 'postal', 'virtual'), 'name': str,
        'accessibility': [{'!': ('id',), 'id': str, 'description': str}]}}],
}
OURS = {'country', 'zone', 'source', 'sample', 'overdue', 'description_language', 'outdated_translation'}


def hsds_faults(value, form, where):
    if isinstance(form, list):
        return [f for i, v in enumerate(value) for f in hsds_faults(v, form[0], f'{where}[{i}]')] if isinstance(value, list) else [where]
    if isinstance(form, dict):
        faults = [f'{where} has no {k}' for k in form['!'] if k not in value]
        return faults + [f for k, v in value.items() if k not in OURS for f in (hsds_faults(v, form[k], f'{where}.{k}') if k in form else [f'{where}.{k} is unknown'])]
    if isinstance(form, tuple) and isinstance(form[0], str):
        return [] if value in form else [f'{where}: {value}']
    return [] if isinstance(value, form) and value != '' else [f'{where}: {value!r}']


def hsds_twice(found):
    """Ids of objects of one kind are unique; the organisation has that of its service."""
    ids = re.findall(r'"id": "([^"]*)"', json.dumps([{k: v for k, v in c.items() if k != 'organization'} for c in found]))
    return sorted({i for i in ids if ids.count(i) > 1})


def partners(program):
    """A number that is deleted reaches everybody who carries it."""
    house = House(program)
    house.start()
    status, body, _ = fetch(house, '/contacts.json?lang=en')
    found = json.loads(body)['contents']
    faults = [f for c in found for f in hsds_faults(c, HSDS_SERVICE, c['id'])] + hsds_twice(found)
    check('partners: the register is what HSDS 3 asks for', status == 200 and len(found) == 3 and not faults, faults)
    shelter = next(c for c in found if c['id'] == 'sample-shelter')
    check('partners: when, for whom and in what tongue', [s['opens_at'] for s in shelter['schedules']] == ['00:00+03:00'] * 7 and shelter['schedules'][0]['timezone'] == 3
          and {a['name'] for a in shelter['service_areas']} >= {'TM', 'TR'} and 'tk' in {n['code'] for n in shelter['languages']}, shelter)
    me = Browser(house).sign_in()
    status, body, headers = fetch(house, '/contacts/changes.json?lang=ru')
    first = json.loads(body)
    ids = {c['id']: c for c in first['contents']}
    check('partners: every contact with what HSDS 3 asks for', status == 200 and len(ids) == first['total_items'] >= 3
          and all(c['id'] and c['name'] and c['status'] in ('active', 'inactive', 'defunct', 'temporarily closed') for c in ids.values()), body[:300])
    check('partners: one that hides has no number', all('phones' not in c for c in ids.values() if c['status'] != 'active')
          and any(c['status'] == 'inactive' for c in ids.values()))
    check('partners: moments', is_moment(re.sub(r'\.\d{6}', '', first['last_modified'])) and all(is_moment(c['last_modified']) for c in ids.values()))
    after = f'/contacts/changes.json?lang=ru&modified_after={first["last_modified"]}'
    status, body, headers = fetch(house, after)
    check('partners: nothing new', json.loads(body)['empty'] and fetch(house, after, {'If-None-Match': headers['ETag']})[0] == 304)
    me.ask('GET', '/desk/contacts/sample-consulate')
    check('partners: a contact is deleted', me.ask('POST', '/desk/contacts/sample-consulate/remove', {'sure': '1'})[0] == 303)
    status, body, _ = fetch(house, after, {'If-None-Match': headers['ETag']})
    gone = [c for c in json.loads(body)['contents'] if c['id'] == 'sample-consulate']
    check('partners: and they are told', status == 200 and [c['status'] for c in gone] == ['defunct'], body)
    house.stop()
    shutil.rmtree(house.folder)


def films(program):
    clips(program, check)


def main():
    program, wanted = sys.argv[1], sys.argv[2:]
    for run in (feeds, packs, stories, kits, films, partners):
        if not wanted or run.__name__ in wanted:
            run(program)
    sys.exit(failed != 0)


main()
