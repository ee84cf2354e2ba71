// A certificate authority for one test: `turns:` works with a trusted certificate only, and no switch of a browser makes an
// exception. Made by openssl, put into the browsers' own stores by certutil (libnss3-tools).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {string} program @param {string[]} args */
function run(program, args) {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

export class Authority {
    /** @param {string} name of the server whose certificate it signs */
    constructor(name) {
        this.folder = mkdtempSync(join(tmpdir(), 'kengesh-ca-'));
        this.name = name;
        this.cert = join(this.folder, 'server.pem');
        this.key = join(this.folder, 'server.key');
        const ca = join(this.folder, 'ca.pem');
        const caKey = join(this.folder, 'ca.key');
        const extensions = join(this.folder, 'ext');
        const request = join(this.folder, 'server.csr');
        writeFileSync(extensions, `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
        run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '7', '-subj', '/CN=Test authority',
            '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', caKey, '-out', ca]);
        run('openssl', ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`, '-keyout', this.key, '-out', request]);
        run('openssl', ['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '7', '-extfile', extensions, '-out', this.cert]);
    }

    /** A store of certificates in this folder of the test's. @param {string} folder */
    trustIn(folder) {
        mkdirSync(folder, { recursive: true });
        run('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
        run('certutil', ['-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', 'test', '-i', join(this.folder, 'ca.pem')]);
    }

    /** A home folder for Chromium. @returns {string} */
    chromiumHome() {
        const home = join(this.folder, 'home');
        this.trustIn(join(home, '.pki', 'nssdb'));
        return home;
    }

    /** A profile for Firefox. @returns {string} */
    firefoxProfile() {
        const profile = join(this.folder, 'firefox');
        this.trustIn(profile);
        return profile;
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
