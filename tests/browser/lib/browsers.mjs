// Real browsers with fake microphones and cameras. Chromium by Playwright, Firefox by WebDriver BiDi.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { writeTone } from './tone.mjs';

const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'];

/** A browser of one person. `home`: its home folder, whose certificates it trusts; `flags`: more of the command line; `trust`: the key of a self-made certificate.
 * @param {{ hz: number, width?: number, height?: number, locale?: string, dark?: boolean, trust?: string, home?: string, flags?: string[] }} person */
export async function openChromium(person) {
    const profile = mkdtempSync(join(tmpdir(), 'kengesh-chromium-'));
    const wav = join(profile, 'voice.wav');
    writeTone(wav, person.hz);
    const context = await chromium.launchPersistentContext(join(profile, 'profile'), {
        executablePath: '/usr/bin/chromium',
        headless: true,
        viewport: { width: person.width ?? 1280, height: person.height ?? 800 },
        locale: person.locale ?? 'en',
        colorScheme: person.dark ? 'dark' : 'light',
        env: person.home ? { .../** @type {Record<string, string>} */ (process.env), HOME: person.home } : undefined,
        args: [...CHROMIUM_FLAGS, '--use-fake-device-for-media-stream=fps=10', `--use-file-for-fake-audio-capture=${wav}`, ...person.flags ?? [],
            ...(person.trust ? [`--ignore-certificate-errors-spki-list=${person.trust}`] : [])],
    });
    const page = context.pages()[0] ?? await context.newPage();
    return { kind: 'chromium', page, context, close: async () => {
        await context.close();
        rmSync(profile, { recursive: true, force: true });
    } };
}

/** A browser without microphone and camera, for the desk and for readers. @param {{ home?: string, flags?: string[] }} [person] as above */
export function openPlain(person = {}) {
    return chromium.launch({
        executablePath: '/usr/bin/chromium',
        headless: true,
        env: person.home ? { .../** @type {Record<string, string>} */ (process.env), HOME: person.home } : undefined,
        args: [...CHROMIUM_FLAGS, ...person.flags ?? []],
    });
}

/** The same, for a judge that comes by the debugger's port. @returns {Promise<{ browser: any, port: number }>} */
export async function openPlainAt() {
    const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', headless: true, args: CHROMIUM_FLAGS });
    return { browser, port: Number(new URL(browser.wsEndpoint()).port) };
}

/** `profile`: a folder with certificates that it trusts; `prefs`: more settings.
 * @param {{ hz: number, width?: number, height?: number, profile?: string, prefs?: Record<string, unknown> }} person */
export async function openFirefox(person) {
    const browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: '/usr/bin/firefox-esr',
        headless: true,
        userDataDir: person.profile,
        defaultViewport: { width: person.width ?? 1280, height: person.height ?? 800 },
        extraPrefsFirefox: {
            'media.navigator.streams.fake': true,
            'media.navigator.permission.disabled': true,
            'media.navigator.audio.fake_frequency': person.hz,
            'media.peerconnection.ice.obfuscate_host_addresses': false,
            'media.autoplay.default': 0,
            'media.autoplay.blocking_policy': 0,
            'app.update.enabled': false,
            'network.captive-portal-service.enabled': false,
            ...person.prefs,
        },
    });
    const page = await browser.newPage();
    return { kind: 'firefox', page, context: browser, close: () => browser.close() };
}
