// The smallest TAP printer: ./test counts lines that begin with "ok" and "not ok".
let number = 0;
let failures = 0;

/** Prints one result. @param {boolean} isOk @param {string} name @param {unknown} [detail] */
export function check(isOk, name, detail) {
    number += 1;
    if (!isOk) failures += 1;
    console.log(`${isOk ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!isOk && detail !== undefined) console.log(`  # ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`);
}

/** Runs fn until it gives something true; the time is a bound for a machine under load, not a measurement.
 * @template T @param {string} name @param {() => Promise<T>} fn @param {number} [ms] @returns {Promise<T | undefined>} */
export async function eventually(name, fn, ms = 30000) {
    const end = Date.now() + ms;
    /** @type {unknown} */
    let last;
    while (Date.now() < end) {
        try {
            const value = await fn();
            last = value;
            if (value) {
                check(true, name);
                return value;
            }
        } catch (error) {
            last = String(error);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    check(false, name, last ?? 'timed out');
    return undefined;
}

/** @returns {number} the exit code */
export function finish() {
    console.log(`1..${number}`);
    return failures ? 1 : 0;
}
