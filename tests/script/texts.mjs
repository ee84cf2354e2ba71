// Texts in the room: numbers in the language's digits, plural forms, and one point at the end of a sentence.
import { Texts } from '../../src/web/asset/js/texts.js';
import { check } from '../browser/lib/tap.mjs';

export function testTexts() {
    const ru = new Texts('ru', { last: 'Последним: {name}.', wait: '{name}...', files: { one: '{n} файл.', few: '{n} файла.', many: '{n} файлов.' } });
    check(ru.get('last', { name: 'Иванов И. И.' }) === 'Последним: Иванов И. И.', 'texts: a name that ends with a point ends the sentence');
    check(ru.get('last', { name: 'Анна' }) === 'Последним: Анна.', 'texts: a name without one leaves it to the sentence');
    check(ru.get('wait', { name: 'И. И.' }) === 'И. И....', 'texts: three points are left alone');
    check(ru.get('files', { n: 2 }) === '2 файла.' && ru.get('files', { n: 16 }) === '16 файлов.', 'texts: the plural form of the number');
    check(new Texts('fa', { full: '{n} فایل هست.' }).get('full', { n: 16 }) === '۱۶ فایل هست.', 'texts: digits of the language');
    check(ru.get('last') === 'Последним: {name}.', 'texts: what nobody gives stays to be seen');
}
