// What is read out: a burst becomes one sentence, the last state is in it, nothing is said twice.
import { check } from '../browser/lib/tap.mjs';
import { News } from '../../src/web/asset/js/news.js';

export function testNews() {
    const news = new News({ get: (key, args = {}) => `${key}(${Object.values(args).join()})` });
    check(news.take() === '', 'no news, no word');
    for (let i = 1; i <= 20; i += 1) news.hand(`P${i}`);
    news.hand('P3');
    news.tell('first');
    news.tell('last');
    news.message('Aman', 'Salam');
    const burst = news.take();
    check(burst === 'last room.hands_raised(20,P3) Aman: Salam', 'twenty hands are one sentence with the last name', burst);
    check(news.take() === '', 'and are not said again');
    news.hand('Aman');
    const one = news.take();
    check(one === 'room.hand_raised(Aman).', 'one hand is a name', one);
    for (let i = 1; i <= 20; i += 1) news.message(`P${i}`, 'text');
    const many = news.take();
    check(many === 'room.messages(20,P20)', 'twenty messages are their number', many);
}
