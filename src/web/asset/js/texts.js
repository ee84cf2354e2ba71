// Texts of the page's language: one file, made from the .po files. Plural forms by Intl.PluralRules.

/** @typedef {Record<string, string | Record<string, string>>} Table */

export class Texts {
    /** @param {string} lang @param {Table} table */
    constructor(lang, table) {
        this.lang = lang;
        this.table = table;
        this.rules = new Intl.PluralRules(lang);
        this.digits = new Intl.NumberFormat(lang);
    }

    /** In the language's own digits. @param {number} n @returns {string} */
    number(n) {
        return this.digits.format(n);
    }

    /** @param {string} url @returns {Promise<Texts>} */
    static async load(url) {
        const file = await (await fetch(url)).json();
        return new Texts(file.lang, file.texts);
    }

    /** @param {string} key @param {Record<string, string | number>} [args] `n` chooses the plural form @returns {string} */
    get(key, args = {}) {
        const row = this.table[key] ?? key;
        const form = typeof row === 'string' ? row : row[this.rules.select(Number(args.n ?? 0))] ?? row.other ?? key;
        return form.replace(/\{(\w+)\}(\.(?!\.))?/g, (whole, name, point = '') => {
            const v = args[name] ?? `{${name}}`;
            const shown = typeof v === 'number' ? this.number(v) : v;
            return shown.endsWith('.') ? shown : shown + point; // the point of an abbreviation ends the sentence as well
        }).replace(/\{\{|\}\}/g, (v) => v[0]);
    }
}
