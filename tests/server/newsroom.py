"""What editors do to an item, over HTTP: publish, withdraw, bring a picture.

    tests/server/newsroom.py PROGRAM FOLDER      makes the demonstration in FOLDER/data, with a story, and pictures in it and the news
"""
import os
import re
import sys
import time

from house import ROOT, Browser, House

PHOTO = os.path.join(ROOT, 'tests', 'data', 'picture', 'gps.jpg')
LANGS = {'en': 'A <road> & "hills"', 'ru': 'Дорога и холмы', 'tk': 'Ýol we depeler'}
CREDIT = 'Sample drawing & <ours>'
SAFE = {'faces': '1', 'names': '1', 'places': '1', 'consent': '1'}


def revision_of(me, slug, lang='en'):
    page = me.ask('GET', f'/desk/news/{slug}/{lang}')[1]
    return page, re.search(r'name="revision" value="(\d+)"', page)[1]


def publish(me, slug, title, body, countries='', without='none'):
    """The next revision of an item, in English, with the safety check of the changed words; without a topic that it has."""
    page, revision = revision_of(me, slug)
    topics = {name: '1' for name, words in re.findall(r'name="(topic-\d+)" value="1" checked> *<span[^>]*>(.*?)</span>', page) if words != without}
    return me.ask('POST', f'/desk/news/{slug}/en', {'revision': revision, 'title': title, 'body': body, 'countries': countries, **SAFE, **topics})[0]


def withdraw(me, slug):
    return me.ask('POST', f'/desk/news/{slug}/en/step', {'revision': revision_of(me, slug)[1], 'to': '9', 'sure': '1'})[0]


def add_picture(me, slug, langs=LANGS):
    """Brings a picture and waits until it is made; its number. Readers see it after pass_check()."""
    page = f'/desk/news/{slug}/en/pictures'
    with open(PHOTO, 'rb') as f:
        assert me.upload(page, {}, 'road.jpg', f.read())[0] == 303
    end = time.monotonic() + 30
    while me.ask('GET', page)[2]['Refresh']:  # the converter is at work; who asks too often is refused
        assert time.monotonic() < end
        time.sleep(0.5)
    number = max(int(n) for n in re.findall(r'/desk/pictures/(\d+)/', me.ask('GET', page)[1]))
    for lang in langs:
        fields = {'alt': langs[lang], 'credit': CREDIT, 'alt_revision': '0'}
        assert me.ask('POST', f'/desk/news/{slug}/{lang}/pictures/{number}', fields)[0] == 303
    return number


def pass_check(me, slug, lang='en', answers=None):
    page = me.ask('GET', f'/desk/news/{slug}/{lang}/safety')[1]
    marks = dict(re.findall(r'name="(revision|pictures)" value="(\d+)"', page))
    return me.ask('POST', f'/desk/news/{slug}/{lang}/safety', {**marks, **(answers or SAFE)})[0]


# ---- media kits ----

def agree(me, kit, number, by):
    """Somebody agrees to the use of an item of a kit as it stands there."""
    page = me.ask('GET', kit)[1]
    revision = re.search(rf'/items/{number}/clear">.*?name="revision" value="(\d+)"', page, re.S)[1]
    return me.ask('POST', f'{kit}/items/{number}/clear', {'by': by, 'revision': revision})[0]


# ---- the sample story ----

STORY = 'sample-story'
PAPER = {'pseudonym': 'A <b> name', 'giver': '1', 'paper': 'File 7', 'given': '2026-03-01'}


def consent(me, **scope):
    page = me.ask('GET', f'/desk/news/{STORY}/en/consent')[1]
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    return me.ask('POST', f'/desk/news/{STORY}/en/consent', {**PAPER, 'revision': revision, **scope})[0]


def step(me, state, lang='en'):
    return me.ask('POST', f'/desk/news/{STORY}/{lang}/step', {'revision': revision_of(me, STORY, lang)[1], 'to': state})[0]


def check_story(me, lang='en'):
    return pass_check(me, STORY, lang, {'faces': '1', 'names': '2', 'places': '2', 'consent': '2', 'safety_note': 'File 7'})


def main():
    house = House(sys.argv[1], sys.argv[2])
    house.start()
    me = Browser(house).sign_in()
    add_picture(me, house.demo['record'])
    assert pass_check(me, house.demo['record']) == 303
    add_picture(me, STORY)
    assert consent(me, print='1', picture='1') == 303
    for lang in LANGS:
        assert check_story(me, lang) == 303 and step(me, 7, lang) == 303
    assert house.stop() == 0


if __name__ == '__main__':
    main()
