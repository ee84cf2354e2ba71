// The quick exit, on pages of help: the only script that a reader's page runs, and the page does the same without it but for two
// things: Shift three times leaves as the button does, and the page that is left stands no longer in the history (decision 0006).
// It reads nothing, keeps nothing, asks for nothing. Written for the oldest browsers that there are, hence no module and no const.
(function () {
    'use strict';
    var TIMES = 3;
    var WITHIN_MS = 5000;
    var SHIFT = 16;
    var way = /** @type {HTMLAnchorElement | null} */ (document.querySelector('.exit a'));
    var presses = 0;
    var since = 0;

    /** Blank first, since the line may be slow; then away, in the place of this page. @param {string} to */
    function leave(to) {
        document.title = '\u2026';
        document.body.textContent = '';
        location.replace(to);
    }

    if (!way) return;
    var to = way.href;
    way.addEventListener('click', function (event) {
        event.preventDefault();
        leave(to);
    });
    document.addEventListener('keydown', function (event) {
        if (event.keyCode !== SHIFT) presses = 0; // a capital letter is no alarm
        else if (!event.repeat) {
            if (!presses || Date.now() - since > WITHIN_MS) {
                presses = 0;
                since = Date.now();
            }
            presses += 1;
            if (presses === TIMES) leave(to);
        }
    });
}());
